using System;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>What a receive on a <see cref="MessageChannel"/> brought.</summary>
public enum ChannelStatus
{
    Message,

    /// <summary>Nothing is waiting.</summary>
    Empty,

    /// <summary>The peer is gone.</summary>
    Closed,

    /// <summary>Longer than the longest message, or more descriptors than one: the peer breaks the rules.</summary>
    Malformed,
}

/// <summary>What became of a message that was to be sent.</summary>
public enum SendStatus
{
    Sent,

    /// <summary>The peer has not read what it was sent before.</summary>
    Full,

    /// <summary>The peer is gone.</summary>
    Closed,
}

/// <summary>
/// One end of an AF_UNIX SOCK_SEQPACKET pair: whole messages, each with at most one descriptor (SCM_RIGHTS). Children find theirs at
/// descriptor <see cref="ChildDescriptor"/>.
/// </summary>
public sealed unsafe class MessageChannel(SafeFileHandle handle, bool isOfParent) : IDisposable
{
    /// <summary>Where a child finds its end.</summary>
    public const int ChildDescriptor = 3;

    /// <summary>
    /// CMSG_SPACE for as many descriptors as one message can carry (SCM_MAX_FD, 253): what the kernel cannot hand over it closes in our name.
    /// </summary>
    private const int ControlLength = 16 + 256 * sizeof(int);

    public SafeFileHandle Handle => handle;

    /// <summary>The end that the parent of this process gave it.</summary>
    public static MessageChannel OfChild() => new(new SafeFileHandle(ChildDescriptor, ownsHandle: true), isOfParent: false);

    public static (MessageChannel Parent, MessageChannel Child) Pair()
    {
        int* pair = stackalloc int[2];
        Libc.Check(Libc.socketpair(Libc.AF_UNIX, Libc.SOCK_SEQPACKET | Libc.SOCK_CLOEXEC, 0, pair));
        return (new MessageChannel(new SafeFileHandle(pair[0], ownsHandle: true), isOfParent: true),
            new MessageChannel(new SafeFileHandle(pair[1], ownsHandle: true), isOfParent: false));
    }

    /// <summary>Sends one message. Waits for room unless told not to.</summary>
    public SendStatus Send(ReadOnlySpan<byte> message, SafeFileHandle? attached = null, bool wait = true)
    {
        byte* control = stackalloc byte[24]; // CMSG_SPACE(sizeof(int))
        fixed (byte* start = message)
        {
            var vector = new Libc.iovec { iov_base = start, iov_len = (nuint)message.Length };
            var header = new Libc.msghdr { msg_iov = &vector, msg_iovlen = 1 };
            if (attached is not null)
            {
                *(Libc.cmsghdr*)control = new Libc.cmsghdr
                {
                    cmsg_len = (nuint)(sizeof(Libc.cmsghdr) + sizeof(int)),
                    cmsg_level = Libc.SOL_SOCKET,
                    cmsg_type = Libc.SCM_RIGHTS,
                };
                *(int*)(control + sizeof(Libc.cmsghdr)) = (int)attached.DangerousGetHandle();
                header.msg_control = control;
                header.msg_controllen = 24;
            }

            nint sent;
            do
                sent = Libc.sendmsg(handle, &header, Libc.MSG_NOSIGNAL | (wait ? 0 : Libc.MSG_DONTWAIT));
            while (sent < 0 && Libc.Errno == Libc.EINTR);
            return sent == message.Length ? SendStatus.Sent : sent < 0 && Libc.Errno == Libc.EAGAIN ? SendStatus.Full : SendStatus.Closed;
        }
    }

    /// <summary>Takes one message. Waits for it unless told not to.</summary>
    public ChannelStatus Receive(Span<byte> buffer, out int length, out SafeFileHandle? attached, bool wait = false)
    {
        attached = null;
        length = 0;
        byte* control = stackalloc byte[ControlLength];
        fixed (byte* start = buffer)
        {
            var vector = new Libc.iovec { iov_base = start, iov_len = (nuint)buffer.Length };
            var header = new Libc.msghdr { msg_iov = &vector, msg_iovlen = 1, msg_control = control, msg_controllen = ControlLength };
            nint received;
            do
                received = Libc.recvmsg(handle, &header, Libc.MSG_CMSG_CLOEXEC | (wait ? 0 : Libc.MSG_DONTWAIT));
            while (received < 0 && Libc.Errno == Libc.EINTR);
            if (received < 0)
                return Libc.Errno == Libc.EAGAIN ? ChannelStatus.Empty : ChannelStatus.Closed;

            attached = TakeDescriptor(in header, out bool isAlone);
            if (received == 0)
                return ChannelStatus.Closed;
            length = (int)received;
            return isAlone && (header.msg_flags & (Libc.MSG_TRUNC | Libc.MSG_CTRUNC)) == 0 ? ChannelStatus.Message : ChannelStatus.Malformed;
        }
    }

    public void Dispose() => handle.Dispose();

    // More than one breaks the rules: all but the first are closed here, the first is left to who checks the message.
    private SafeFileHandle? TakeDescriptor(in Libc.msghdr header, out bool isAlone)
    {
        isAlone = true;
        var control = (Libc.cmsghdr*)header.msg_control;
        if (header.msg_controllen < (nuint)(sizeof(Libc.cmsghdr) + sizeof(int)) || control->cmsg_type != Libc.SCM_RIGHTS)
            return null;
        int count = (int)(control->cmsg_len - (nuint)sizeof(Libc.cmsghdr)) / sizeof(int);
        var descriptors = new Span<int>((byte*)control + sizeof(Libc.cmsghdr), count);
        isAlone = count == 1;
        var first = new SafeFileHandle(descriptors[0], ownsHandle: true);
        ForgetLinger(first);
        foreach (int descriptor in descriptors[1..])
        {
            using var surplus = new SafeFileHandle(descriptor, ownsHandle: true);
            ForgetLinger(surplus);
        }

        return first;
    }

    // A child that was taken over could pass a TCP socket that makes close(2) wait for hours. What is no socket does not mind.
    private void ForgetLinger(SafeFileHandle descriptor)
    {
        long none = 0; // struct linger: off
        if (isOfParent)
            _ = Libc.setsockopt(descriptor, Libc.SOL_SOCKET, Libc.SO_LINGER, &none, sizeof(long));
    }
}
