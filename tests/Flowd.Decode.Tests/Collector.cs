using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Decode;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>A decoder with what it needs around it, as tests want it.</summary>
internal sealed class Collector(DecodeLimits? limits = null, int batchCapacity = 8192)
{
    public static readonly Address Someone = Address.FromIPv4(0xC000020A); // 192.0.2.10

    public DatagramDecoder Decoder { get; } = new(limits ?? new DecodeLimits());
    public RecordBatch Batch { get; } = new(batchCapacity);

    /// <summary>Every error of the datagrams so far, with the number of times.</summary>
    public Dictionary<DecodeError, ulong> Errors => Enum.GetValues<DecodeError>()
        .Where(e => Decoder.Exporters.ErrorCount(e) > 0).ToDictionary(e => e, e => Decoder.Exporters.ErrorCount(e));

    /// <summary>When datagrams are received, in seconds since 1970-01-01 UTC.</summary>
    public uint Now { get; set; } = 1_700_000_001;

    public DecodeResult Send(ReadOnlySpan<byte> datagram) => Send(datagram, Someone);

    public DecodeResult Send(ReadOnlySpan<byte> datagram, Address exporter)
    {
        Batch.Clear();
        return Decoder.Decode(datagram, new DatagramOrigin(exporter, Now, 250_000), Batch);
    }

    /// <summary>Decodes the next data that waited for what the last datagram brought; null if there are none.</summary>
    public DecodeResult? TakePending()
    {
        Batch.Clear();
        return Decoder.TryDecodePending(Batch, out DecodeResult result) ? result : null;
    }

    /// <summary>Sends and returns the only record.</summary>
    public FlowRecord Single(byte[] datagram)
    {
        DecodeResult result = Send(datagram);
        Assert.Equal(DecodeError.None, result.Error);
        Assert.Equal(1, Batch.Count);
        return Batch.Records[0];
    }
}
