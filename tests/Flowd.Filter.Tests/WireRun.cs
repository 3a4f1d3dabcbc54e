using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Records as octets of one layout, in which each value stands somewhere: what a log would have of them, in no order that a log knows.</summary>
internal sealed class WireRun
{
    private static readonly (RecordValue Value, int Length, Func<FlowRecord, ulong> Of)[] Numbers =
    [
        (RecordValue.TcpFlags, 1, static r => r.TcpFlags), (RecordValue.Protocol, 1, static r => r.Protocol), (RecordValue.TypeOfService, 1, static r => r.TypeOfService),
        (RecordValue.SourcePort, 2, static r => r.SourcePort), (RecordValue.DestinationPort, 2, static r => r.DestinationPort),
        (RecordValue.InputInterface, 4, static r => r.InputInterface), (RecordValue.OutputInterface, 4, static r => r.OutputInterface),
        (RecordValue.ReceivedSeconds, 4, static r => r.ReceivedSeconds), (RecordValue.Packets, 8, static r => r.Packets), (RecordValue.Octets, 8, static r => r.Octets),
        (RecordValue.SourceAs, 4, static r => r.SourceAs), (RecordValue.DestinationAs, 4, static r => r.DestinationAs),
        (RecordValue.SourceMask, 1, static r => r.SourceMask), (RecordValue.DestinationMask, 1, static r => r.DestinationMask),
    ];

    private static readonly (RecordValue Value, Func<FlowRecord, Address> Of, LogFields Four)[] Addresses =
    [
        (RecordValue.AgentAddress, static r => r.AgentAddress, LogFields.AgentAddr4), (RecordValue.SourceAddress, static r => r.SourceAddress, LogFields.SrcAddr4),
        (RecordValue.DestinationAddress, static r => r.DestinationAddress, LogFields.DstAddr4), (RecordValue.GatewayAddress, static r => r.GatewayAddress, LogFields.GatewayAddr4),
    ];

    /// <param name="records">All have addresses of the same families.</param>
    /// <param name="random">For the order of values.</param>
    /// <param name="ofMessage">What the records have in common, and is not in each.</param>
    public WireRun(IReadOnlyList<FlowRecord> records, Random random, params RecordValue[] ofMessage)
    {
        LogFields fields = Addresses.Where(address => !ofMessage.Contains(address.Value)).Aggregate(LogFields.None, (all, address) => all | (address.Of(records[0]).Family switch
        {
            AddressFamily.IPv4 => address.Four,
            AddressFamily.IPv6 => (LogFields)((uint)address.Four << 1),
            _ => LogFields.None,
        }));
        (RecordValue Value, int Length)[] values =
        [
            .. Numbers.Where(number => records.Any(record => number.Of(record) != 0)).Select(number => (number.Value, number.Length)),
            .. Addresses.Select(address => (address.Value, address.Of(records[0]).Bits / 8)).Where(address => address.Item2 > 0),
        ];
        values = [.. values.Where(value => !ofMessage.Contains(value.Value))];
        random.Shuffle(values);
        var places = new List<WirePlace>();
        int at = random.Next(4);
        foreach ((RecordValue value, int length) in values)
        {
            places.Add(new WirePlace(value, at, length));
            at += length + random.Next(3);
        }

        Layout = new WireLayout(fields, Math.Max(at, 8), [.. places]);
        Octets = new byte[Layout.Length * records.Count];
        random.NextBytes(Octets);
        for (int i = 0; i < records.Count; i++)
            Write(records[i], Octets.AsSpan(i * Layout.Length, Layout.Length));
    }

    public WireLayout Layout { get; }

    public byte[] Octets { get; }

    private void Write(FlowRecord record, Span<byte> wire)
    {
        Span<byte> number = stackalloc byte[8];
        foreach (WirePlace place in Layout.Places)
        {
            Span<byte> room = wire.Slice(place.Offset, place.Length);
            if (Addresses.FirstOrDefault(one => one.Value == place.Value).Of is { } address)
            {
                address(record).Write(room);
                continue;
            }

            BinaryPrimitives.WriteUInt64BigEndian(number, Numbers.First(one => one.Value == place.Value).Of(record));
            number[^place.Length..].CopyTo(room);
        }
    }
}
