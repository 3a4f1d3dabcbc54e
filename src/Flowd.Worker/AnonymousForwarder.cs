using System;
using Flowd.Anonymize;
using Flowd.Decode;
using Flowd.Receive;

namespace Flowd.Worker;

/// <summary>Sends copies of datagrams with other addresses in them to one place. What was not understood whole is withheld and counted.</summary>
public sealed class AnonymousForwarder(Forwarder target, AddressAnonymizer anonymizer)
{
    private readonly byte[] _copy = new byte[ushort.MaxValue + 1];
    private readonly AddressMapping _map = anonymizer.Map;

    /// <summary>Sends the datagram that the decoder has decoded last.</summary>
    public void Send(ReadOnlySpan<byte> datagram, DatagramDecoder decoder)
    {
        Span<byte> copy = _copy.AsSpan(0, datagram.Length);
        datagram.CopyTo(copy);
        if (decoder.TryRewriteAddresses(copy, _map))
            target.Send(copy);
        else
            target.Withhold();
    }
}
