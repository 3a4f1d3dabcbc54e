using System;
using Flowd.Platform;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Privsep;

/// <summary>
/// A channel with the policy on it: <paramref name="self"/> talks to <paramref name="peer"/>, and what the policy does not allow does not come
/// through. A peer that breaks the rules is treated as gone; <see cref="Violation"/> says which rule.
/// </summary>
public sealed class ChannelEnd(MessageChannel channel, Party self, Party peer) : IDisposable
{
    private readonly byte[] _buffer = new byte[Setting.Length];

    public SafeFileHandle Handle => channel.Handle;

    public MessageError Violation { get; private set; }

    /// <summary>Sends one message, waiting for room; false if the peer is gone.</summary>
    public bool TrySend(Message message, SafeFileHandle? attached = null)
    {
        Span<byte> wire = stackalloc byte[Message.Length];
        message.Write(wire);
        return channel.Send(wire, attached) == SendStatus.Sent;
    }

    public bool TrySend(in Setting setting, SafeFileHandle? attached = null)
    {
        Span<byte> wire = stackalloc byte[Setting.Length];
        setting.Write(wire);
        return channel.Send(wire, attached) == SendStatus.Sent;
    }

    public bool TrySend(in LogRequest request)
    {
        Span<byte> wire = stackalloc byte[LogRequest.Length];
        request.Write(wire);
        return channel.Send(wire) == SendStatus.Sent;
    }

    /// <summary>The whole of the message that came last, if that was an <see cref="MessageType.OpenLog"/>; false if it is none that makes sense.</summary>
    public bool TryReadLogRequest(out LogRequest request) => LogRequest.TryRead(_buffer, out request);

    /// <summary>Sends the octets of a message if there is room for them.</summary>
    public SendStatus SendAtOnce(ReadOnlySpan<byte> wire, SafeFileHandle? attached) => channel.Send(wire, attached, wait: false);

    public ChannelStatus Receive(out Message message, out SafeFileHandle? attached, bool wait = false)
    {
        ChannelStatus status = ReceiveChecked(out int _, out attached, wait);
        message = status == ChannelStatus.Message ? Message.Read(_buffer) : default;
        return status;
    }

    public ChannelStatus Receive(out Setting setting, out SafeFileHandle? attached, bool wait = false)
    {
        setting = default;
        ChannelStatus status = ReceiveChecked(out int length, out attached, wait);
        if (status != ChannelStatus.Message || (length == Setting.Length && Setting.TryRead(_buffer, out setting)))
            return status;
        attached?.Dispose();
        attached = null;
        Violation = MessageError.BadLength;
        return ChannelStatus.Malformed;
    }

    public void Dispose() => channel.Dispose();

    private ChannelStatus ReceiveChecked(out int length, out SafeFileHandle? attached, bool wait)
    {
        ChannelStatus status = channel.Receive(_buffer, out length, out attached, wait);
        if (status == ChannelStatus.Malformed)
            Violation = MessageError.BadLength;
        else if (status == ChannelStatus.Message)
            Violation = MessagePolicy.Check(_buffer.AsSpan(0, length), attached is not null, peer, self);
        if (Violation == MessageError.None)
            return status;
        attached?.Dispose();
        attached = null;
        return ChannelStatus.Malformed;
    }
}
