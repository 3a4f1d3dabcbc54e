using System;
using System.Text;
using Flowd.Records;

namespace Flowd.Sinks;

/// <summary>
/// A record as one line of JSON (RFC 8259; one object a line). Numbers are numbers, up to 64 bits; addresses and times are
/// strings; what the record does not hold has no key.
/// </summary>
public static partial class FlowJson
{
    private delegate void Put(Utf8Buffer line, in FlowRecord record, TimeText time);

    private delegate ulong Number(in FlowRecord record);

    // The name, with its comma, quotes and colon, is padded to a length that is copied in two moves.
    private readonly record struct Key(LogFields Fields, byte[] Name, int Length, Put Put);

    private const int PaddedLength = 32;

    private static readonly Key[] Keys =
    [
        Of(LogFields.Tag, "tag", static (in FlowRecord r) => r.Tag),
        Of(LogFields.RecvTime, "recv_time", PutReceiveTime),
        Of(LogFields.ProtoFlagsTos, "proto", static (in FlowRecord r) => r.Protocol),
        Of(LogFields.ProtoFlagsTos, "tcp_flags", static (in FlowRecord r) => r.TcpFlags),
        Of(LogFields.ProtoFlagsTos, "tos", static (in FlowRecord r) => r.TypeOfService),
        Of(LogFields.AgentAddr, "agent", static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutAddress(l, in r.AgentAddress)),
        Of(LogFields.SrcAddr, "src", static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutAddress(l, in r.SourceAddress)),
        Of(LogFields.SrcDstPort, "src_port", static (in FlowRecord r) => r.SourcePort),
        Of(LogFields.DstAddr, "dst", static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutAddress(l, in r.DestinationAddress)),
        Of(LogFields.SrcDstPort, "dst_port", static (in FlowRecord r) => r.DestinationPort),
        Of(LogFields.GatewayAddr, "gateway", static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutAddress(l, in r.GatewayAddress)),
        Of(LogFields.Packets, "packets", static (in FlowRecord r) => r.Packets),
        Of(LogFields.Octets, "octets", static (in FlowRecord r) => r.Octets),
        Of(LogFields.IfIndices, "in_if", static (in FlowRecord r) => r.InputInterface),
        Of(LogFields.IfIndices, "out_if", static (in FlowRecord r) => r.OutputInterface),
        Of(LogFields.AgentInfo, "sys_uptime_ms", static (in FlowRecord r) => r.SystemUptime),
        Of(LogFields.AgentInfo, "time", PutExportTime),
        Of(LogFields.AgentInfo, "netflow_version", static (in FlowRecord r) => r.Version),
        Of(LogFields.FlowTimes, "flow_start_ms", static (in FlowRecord r) => r.FlowStart),
        Of(LogFields.FlowTimes, "flow_finish_ms", static (in FlowRecord r) => r.FlowFinish),
        Of(LogFields.AsInfo, "src_as", static (in FlowRecord r) => r.SourceAs),
        Of(LogFields.AsInfo, "src_masklen", static (in FlowRecord r) => r.SourceMask),
        Of(LogFields.AsInfo, "dst_as", static (in FlowRecord r) => r.DestinationAs),
        Of(LogFields.AsInfo, "dst_masklen", static (in FlowRecord r) => r.DestinationMask),
        Of(LogFields.FlowEngineInfo, "engine_type", static (in FlowRecord r) => r.EngineType),
        Of(LogFields.FlowEngineInfo, "engine_id", static (in FlowRecord r) => r.EngineId),
        Of(LogFields.FlowEngineInfo, "sequence", static (in FlowRecord r) => r.Sequence),
        Of(LogFields.FlowEngineInfo, "source_id", static (in FlowRecord r) => r.SourceId),
        Of(LogFields.Crc32, "crc32", static (in FlowRecord r) => r.Checksum),
    ];

    /// <summary>Writes what both the record and <paramref name="mask"/> hold as one object, and a line feed.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="record">What is written.</param>
    /// <param name="mask">Which of its sections.</param>
    /// <param name="time">How times are written.</param>
    /// <param name="octets">What <see cref="FlowRecord.OtherOffset"/> points into.</param>
    public static void Write(Utf8Buffer output, in FlowRecord record, LogFields mask, TimeText time, ReadOnlySpan<byte> octets = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(time);
        LogFields fields = record.Fields & mask;
        int start = output.Length;
        PutKeys(Keys, output, in record, fields, time);
        if ((fields & LogFields.Extended) != 0)
            PutKeys(ExtendedKeys, output, in record, fields, time);
        if ((fields & LogFields.Other) != 0)
            PutOther(output, octets.Slice(record.OtherOffset, record.OtherLength));
        if (output.Length == start)
            output.Add((byte)'{');
        else
            output.Replace(start, (byte)'{');
        output.Add("}\n"u8);
    }

    // Each with a comma in front of it.
    private static void PutKeys(Key[] keys, Utf8Buffer output, in FlowRecord record, LogFields fields, TimeText time)
    {
        foreach (ref readonly Key key in keys.AsSpan())
        {
            if ((fields & key.Fields) == 0)
                continue;
            output.AddPadded(key.Name.AsSpan(0, PaddedLength), key.Length);
            key.Put(output, in record, time);
        }
    }

    private static Key Of(LogFields fields, string name, Put put)
    {
        var padded = new byte[PaddedLength];
        return new Key(fields, padded, Encoding.UTF8.GetBytes($",\"{name}\":", padded), put);
    }

    private static Key Of(LogFields fields, string name, Number number)
        => Of(fields, name, (Utf8Buffer line, in FlowRecord record, TimeText _) => line.AddNumber(number(in record)));

    private static void PutReceiveTime(Utf8Buffer line, in FlowRecord record, TimeText time)
        => PutTime(line, time, record.ReceivedSeconds, record.ReceivedMicroseconds, 6);

    private static void PutExportTime(Utf8Buffer line, in FlowRecord record, TimeText time)
        => PutTime(line, time, record.ExportSeconds, record.ExportNanoseconds, 9);

    internal static void PutTime(Utf8Buffer line, TimeText time, uint seconds, uint fraction, int places)
    {
        line.Add((byte)'"');
        line.Add(time.Local(seconds));
        line.Add((byte)'.');
        line.AddPadded(fraction, places);
        line.Add(time.Offset(seconds));
        line.Add((byte)'"');
    }

    private static void PutAddress(Utf8Buffer line, in Address address)
    {
        line.Add((byte)'"');
        line.Add(in address);
        line.Add((byte)'"');
    }
}
