using System;
using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Store;

/// <summary>Gathers the records of one block of a compressed log, and what its index says of them.</summary>
internal sealed class BlockBuilder
{
    /// <summary>Larger blocks compress no better (28.4 octets a record, and 28.6 in blocks of 4 MiB), and more has to be decoded for one record.</summary>
    private const int Target = 1024 * 1024;

    /// <summary>Most traffic has few ports that say something; where a block has nearly all of them, a filter would say yes to each.</summary>
    private const int MostPorts = 8192;

    private readonly byte[] _records = new byte[Target];
    private readonly HashSet<ulong> _addresses = [];
    private readonly HashSet<ulong> _ports = [];
    private int _length;
    private uint _count;
    private uint _first = uint.MaxValue;
    private uint _last;

    public bool IsEmpty => _length == 0;

    public ReadOnlySpan<byte> Records => _records.AsSpan(0, _length);

    /// <summary>False if it does not fit: the block is full.</summary>
    public bool TryAdd(in FlowRecord record, ReadOnlySpan<byte> octets)
    {
        if (octets.Length > Target - _length)
            return false;
        octets.CopyTo(_records.AsSpan(_length));
        _length += octets.Length;
        _count++;
        bool hasTime = (record.Fields & LogFields.RecvTime) != 0;
        _first = Math.Min(_first, hasTime ? record.ReceivedSeconds : uint.MaxValue);
        _last = Math.Max(_last, hasTime ? record.ReceivedSeconds : 0);
        if ((record.Fields & LogFields.SrcAddr) != 0)
            _addresses.Add(BlockEntry.KeyOf(record.SourceAddress));
        if ((record.Fields & LogFields.DstAddr) != 0)
            _addresses.Add(BlockEntry.KeyOf(record.DestinationAddress));
        if ((record.Fields & LogFields.SrcDstPort) != 0 && _ports.Count <= MostPorts)
        {
            _ports.Add(record.SourcePort);
            _ports.Add(record.DestinationPort);
        }

        return true;
    }

    /// <summary>What the index says of the block, now a frame of that length; the next block begins empty.</summary>
    public BlockEntry Finish(int frameLength)
    {
        // One octet for each address lets through one in fifty, where there are many of them less has to do.
        (int bits, byte hashes) = _addresses.Count <= _count ? (8, (byte)5) : (6, (byte)4);
        byte[] addresses = BloomFilter.Make(_addresses, bits, hashes);
        byte[] ports = _ports.Count > MostPorts ? [] : BloomFilter.Make(_ports, 8, 5);
        var entry = new BlockEntry((uint)frameLength, (uint)_length, _count, _first, _last, addresses, hashes, ports, 5);
        _addresses.Clear();
        _ports.Clear();
        (_length, _count, _first, _last) = (0, 0, uint.MaxValue, 0);
        return entry;
    }
}
