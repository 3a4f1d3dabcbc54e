using System.Collections.Immutable;
using static System.Buffers.Binary.BinaryPrimitives;
using Flowd.Records;

namespace Flowd.Decode.NetFlow8;

/// <summary>The aggregations of NetFlow version 8, by their number. What a record sums over is absent from it, and stays zero.</summary>
internal static class NetFlow8Table
{
    private const LogFields Addresses = LogFields.SrcAddr4 | LogFields.DstAddr4;

    private static readonly NetFlow8Setter SourceAddress = static (ref r, value) => r.SourceAddress = Address.FromIPv4(ReadUInt32BigEndian(value));
    private static readonly NetFlow8Setter DestinationAddress = static (ref r, value) => r.DestinationAddress = Address.FromIPv4(ReadUInt32BigEndian(value));
    private static readonly NetFlow8Setter Packets = static (ref r, value) => r.Packets = ReadUInt32BigEndian(value);
    private static readonly NetFlow8Setter Octets = static (ref r, value) => r.Octets = ReadUInt32BigEndian(value);
    private static readonly NetFlow8Setter First = static (ref r, value) => r.FlowStart = ReadUInt32BigEndian(value);
    private static readonly NetFlow8Setter Last = static (ref r, value) => r.FlowFinish = ReadUInt32BigEndian(value);
    private static readonly NetFlow8Setter SourceAs = static (ref r, value) => r.SourceAs = ReadUInt16BigEndian(value);
    private static readonly NetFlow8Setter DestinationAs = static (ref r, value) => r.DestinationAs = ReadUInt16BigEndian(value);
    private static readonly NetFlow8Setter Input = static (ref r, value) => r.InputInterface = ReadUInt16BigEndian(value);
    private static readonly NetFlow8Setter Output = static (ref r, value) => r.OutputInterface = ReadUInt16BigEndian(value);
    private static readonly NetFlow8Setter SourcePort = static (ref r, value) => r.SourcePort = ReadUInt16BigEndian(value);
    private static readonly NetFlow8Setter DestinationPort = static (ref r, value) => r.DestinationPort = ReadUInt16BigEndian(value);
    private static readonly NetFlow8Setter SourceMask = static (ref r, value) => r.SourceMask = value[0];
    private static readonly NetFlow8Setter DestinationMask = static (ref r, value) => r.DestinationMask = value[0];
    private static readonly NetFlow8Setter Protocol = static (ref r, value) => r.Protocol = value[0];
    private static readonly NetFlow8Setter Tos = static (ref r, value) => r.TypeOfService = value[0];

    // 0 flows   4 packets   8 octets   12 first   16 last: so begin most. The number of flows has no place in a record.
    private static readonly ImmutableArray<NetFlow8Field> Sums = [new(4, 4, Packets), new(8, 4, Octets), new(12, 4, First), new(16, 4, Last)];

    private static readonly NetFlow8Aggregation?[] ByNumber =
    [
        null,
        Of(28, LogFields.AsInfo | LogFields.IfIndices, new(20, 2, SourceAs), new(22, 2, DestinationAs), new(24, 2, Input), new(26, 2, Output)), // AS
        Of(28, LogFields.ProtoFlagsTos | LogFields.SrcDstPort, new(20, 1, Protocol), new(24, 2, SourcePort), new(26, 2, DestinationPort)), // protocol and port
        Of(32, LogFields.SrcAddr4 | LogFields.AsInfo | LogFields.IfIndices, new(20, 4, SourceAddress), new(24, 1, SourceMask), new(26, 2, SourceAs), new(28, 2, Input)),
        Of(32, LogFields.DstAddr4 | LogFields.AsInfo | LogFields.IfIndices, new(20, 4, DestinationAddress), new(24, 1, DestinationMask), new(26, 2, DestinationAs), new(28, 2, Output)),
        Of(
            40, Addresses | LogFields.AsInfo | LogFields.IfIndices, // both prefixes
            new(20, 4, SourceAddress), new(24, 4, DestinationAddress), new(28, 1, SourceMask), new(29, 1, DestinationMask), new(32, 2, SourceAs), new(34, 2, DestinationAs),
            new(36, 2, Input), new(38, 2, Output)),
        new NetFlow8Aggregation(
            32, LogFields.DstAddr4 | LogFields.IfIndices | LogFields.ProtoFlagsTos, // Catalyst, by destination
            [new(0, 4, DestinationAddress), new(4, 4, Packets), new(8, 4, Octets), new(12, 4, First), new(16, 4, Last), new(20, 2, Output), new(22, 1, Tos)]),
        new NetFlow8Aggregation(
            40, Addresses | LogFields.IfIndices | LogFields.ProtoFlagsTos, // Catalyst, by both addresses
            [new(0, 4, DestinationAddress), new(4, 4, SourceAddress), new(8, 4, Packets), new(12, 4, Octets), new(16, 4, First), new(20, 4, Last), new(24, 2, Output), new(26, 2, Input), new(28, 1, Tos)]),
        new NetFlow8Aggregation(
            44, Addresses | LogFields.SrcDstPort | LogFields.IfIndices | LogFields.ProtoFlagsTos, // Catalyst, full flows
            [
                new(0, 4, DestinationAddress), new(4, 4, SourceAddress), new(8, 2, DestinationPort), new(10, 2, SourcePort), new(12, 4, Packets), new(16, 4, Octets), new(20, 4, First),
                new(24, 4, Last), new(28, 2, Output), new(30, 2, Input), new(32, 1, Tos), new(33, 1, Protocol),
            ]),
        Of(32, LogFields.AsInfo | LogFields.IfIndices | LogFields.ProtoFlagsTos, new(20, 2, SourceAs), new(22, 2, DestinationAs), new(24, 2, Input), new(26, 2, Output), new(28, 1, Tos)),
        Of(
            32, LogFields.ProtoFlagsTos | LogFields.SrcDstPort | LogFields.IfIndices,
            new(20, 1, Protocol), new(21, 1, Tos), new(24, 2, SourcePort), new(26, 2, DestinationPort), new(28, 2, Input), new(30, 2, Output)),
        Of(
            32, LogFields.SrcAddr4 | LogFields.AsInfo | LogFields.IfIndices | LogFields.ProtoFlagsTos,
            new(20, 4, SourceAddress), new(24, 1, SourceMask), new(25, 1, Tos), new(26, 2, SourceAs), new(28, 2, Input)),
        Of(
            32, LogFields.DstAddr4 | LogFields.AsInfo | LogFields.IfIndices | LogFields.ProtoFlagsTos,
            new(20, 4, DestinationAddress), new(24, 1, DestinationMask), new(25, 1, Tos), new(26, 2, DestinationAs), new(28, 2, Output)),
        Of(
            40, Addresses | LogFields.AsInfo | LogFields.IfIndices | LogFields.ProtoFlagsTos,
            new(20, 4, SourceAddress), new(24, 4, DestinationAddress), new(28, 1, SourceMask), new(29, 1, DestinationMask), new(30, 1, Tos), new(32, 2, SourceAs), new(34, 2, DestinationAs),
            new(36, 2, Input), new(38, 2, Output)),
        Of(
            40, Addresses | LogFields.AsInfo | LogFields.SrcDstPort | LogFields.IfIndices | LogFields.ProtoFlagsTos,
            new(20, 4, SourceAddress), new(24, 4, DestinationAddress), new(28, 1, SourceMask), new(29, 1, DestinationMask), new(30, 1, Tos), new(31, 1, Protocol), new(32, 2, SourcePort),
            new(34, 2, DestinationPort), new(36, 2, Input), new(38, 2, Output)),
    ];

    public static NetFlow8Aggregation? Find(byte number) => number < ByNumber.Length ? ByNumber[number] : null;

    private static NetFlow8Aggregation Of(int length, LogFields fields, params NetFlow8Field[] layout) => new(length, fields, [.. Sums, .. layout]);
}
