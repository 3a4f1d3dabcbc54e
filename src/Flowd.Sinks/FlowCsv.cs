using System;
using Flowd.Records;

namespace Flowd.Sinks;

/// <summary>A record as a line for flow-import(1) of flow-tools. All columns are always there; what the record does not hold is 0 or "(null)".</summary>
public static class FlowCsv
{
    /// <summary>The sections that the columns are from.</summary>
    public const LogFields Reads = LogFields.All & ~(LogFields.Tag | LogFields.RecvTime | LogFields.Crc32);

    private delegate void Put(Utf8Buffer line, in FlowRecord record);

    private readonly record struct Column(string Name, Put Put);

    private static readonly Column[] Columns =
    [
        new("unix_secs", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.ExportSeconds)),
        new("unix_nsecs", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.ExportNanoseconds)),
        new("sysuptime", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.SystemUptime)),
        new("exaddr", static (Utf8Buffer l, in FlowRecord r) => PutAddress(l, in r.AgentAddress)),
        new("dpkts", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber(r.Packets)),
        new("doctets", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber(r.Octets)),
        new("first", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.FlowStart)),
        new("last", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.FlowFinish)),
        new("engine_type", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.EngineType)),
        new("engine_id", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.EngineId)),
        new("srcaddr", static (Utf8Buffer l, in FlowRecord r) => PutAddress(l, in r.SourceAddress)),
        new("dstaddr", static (Utf8Buffer l, in FlowRecord r) => PutAddress(l, in r.DestinationAddress)),
        new("nexthop", static (Utf8Buffer l, in FlowRecord r) => PutAddress(l, in r.GatewayAddress)),
        new("input", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.InputInterface)),
        new("output", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.OutputInterface)),
        new("srcport", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.SourcePort)),
        new("dstport", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.DestinationPort)),
        new("prot", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.Protocol)),
        new("tos", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.TypeOfService)),
        new("tcp_flags", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.TcpFlags)),
        new("src_mask", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.SourceMask)),
        new("dst_mask", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.DestinationMask)),
        new("src_as", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.SourceAs)),
        new("dst_as", static (Utf8Buffer l, in FlowRecord r) => l.AddNumber((ulong)r.DestinationAs)),
    ];

    /// <summary>The names of the columns, as flow-import wants them, and a line feed.</summary>
    public static void WriteHeader(Utf8Buffer output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Add("#:"u8);
        for (int i = 0; i < Columns.Length; i++)
        {
            if (i > 0)
                output.Add((byte)',');
            output.Add(Columns[i].Name);
        }

        output.Add((byte)'\n');
    }

    /// <summary>Writes the values of a record and a line feed.</summary>
    public static void Write(Utf8Buffer output, in FlowRecord record)
    {
        ArgumentNullException.ThrowIfNull(output);
        for (int i = 0; i < Columns.Length; i++)
        {
            if (i > 0)
                output.Add((byte)',');
            Columns[i].Put(output, in record);
        }

        output.Add((byte)'\n');
    }

    private static void PutAddress(Utf8Buffer line, in Address address)
    {
        if (address.Family == AddressFamily.None)
            line.Add("(null)"u8);
        else
            line.Add(in address);
    }
}
