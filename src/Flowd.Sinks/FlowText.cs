using System;
using System.Runtime.CompilerServices;
using Flowd.Records;

namespace Flowd.Sinks;

/// <summary>A record as one line of text, byte for byte as flowd-reader 0.9.1 prints it. Every part is followed by a blank, the last one too.</summary>
public static partial class FlowText
{
    private delegate void Put(Utf8Buffer line, in FlowRecord record, TimeText time);

    private readonly record struct Part(LogFields Fields, Put Put);

    // In the order of printing.
    private static readonly Part[] Parts =
    [
        new(LogFields.Tag, PutTag),
        new(LogFields.RecvTime, PutReceiveTime),
        new(LogFields.ProtoFlagsTos, PutProtocol),
        new(LogFields.AgentAddr, static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutAddress(l, "agent ["u8, in r.AgentAddress)),
        new(LogFields.SrcAddr, static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutAddress(l, "src ["u8, in r.SourceAddress)),
        new(LogFields.DstAddr, static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutAddress(l, "dst ["u8, in r.DestinationAddress)),
        new(LogFields.GatewayAddr, static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutAddress(l, "gateway ["u8, in r.GatewayAddress)),
        new(LogFields.Packets, static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutNumber(l, "packets "u8, r.Packets)),
        new(LogFields.Octets, static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutNumber(l, "octets "u8, r.Octets)),
        new(LogFields.IfIndices, PutInterfaces),
        new(LogFields.AgentInfo, PutAgentInfo),
        new(LogFields.FlowTimes, PutFlowTimes),
        new(LogFields.AsInfo, PutAsInfo),
        new(LogFields.FlowEngineInfo, PutEngineInfo),
        new(LogFields.Crc32, PutChecksum),
    ];

    /// <summary>Writes the parts that both the record and <paramref name="mask"/> hold, and a line feed.</summary>
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
        output.Add("FLOW "u8);
        PutParts(Parts, output, in record, fields, time);
        if ((fields & LogFields.Extended) != 0)
            PutParts(ExtendedParts, output, in record, fields, time);
        if ((fields & LogFields.Other) != 0)
            PutOther(output, octets.Slice(record.OtherOffset, record.OtherLength));
        output.Add((byte)'\n');
    }

    private static void PutParts(Part[] parts, Utf8Buffer output, in FlowRecord record, LogFields fields, TimeText time)
    {
        foreach (ref readonly Part part in parts.AsSpan())
        {
            if ((fields & part.Fields) == 0)
                continue;
            part.Put(output, in record, time);
            PutPort(output, in record, fields, part.Fields);
            output.Add((byte)' ');
        }
    }

    private static void PutTag(Utf8Buffer line, in FlowRecord record, TimeText time) => PutNumber(line, "tag "u8, record.Tag);

    // Five places for microseconds, and as a signed number, as the original has it.
    private static void PutReceiveTime(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        line.Add("recv_time "u8);
        line.Add(time.Local(record.ReceivedSeconds));
        line.Add((byte)'.');
        line.AddPadded(unchecked((int)record.ReceivedMicroseconds), 5);
    }

    private static void PutProtocol(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        PutNumber(line, "proto "u8, record.Protocol);
        line.Add(" tcpflags "u8);
        line.AddHex(record.TcpFlags, 2);
        line.Add(" tos "u8);
        line.AddHex(record.TypeOfService, 2);
    }

    // As signed numbers: those above 2147483647 come out negative in the original, and here.
    private static void PutInterfaces(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        line.Add("in_if "u8);
        line.AddNumber(unchecked((int)record.InputInterface));
        line.Add(" out_if "u8);
        line.AddNumber(unchecked((int)record.OutputInterface));
    }

    private static void PutAgentInfo(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        PutInterval(line, "sys_uptime_ms "u8, record.SystemUptime);
        line.Add(" time_sec "u8);
        line.Add(time.Local(record.ExportSeconds));
        PutNumber(line, " time_nanosec "u8, record.ExportNanoseconds);
        PutNumber(line, " netflow ver "u8, record.Version);
    }

    private static void PutFlowTimes(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        PutInterval(line, "flow_start "u8, record.FlowStart);
        PutInterval(line, " flow_finish "u8, record.FlowFinish);
    }

    private static void PutAsInfo(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        PutNumber(line, "src_AS "u8, record.SourceAs);
        PutNumber(line, " src_masklen "u8, record.SourceMask);
        PutNumber(line, " dst_AS "u8, record.DestinationAs);
        PutNumber(line, " dst_masklen "u8, record.DestinationMask);
    }

    private static void PutEngineInfo(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        PutNumber(line, "engine_type "u8, record.EngineType);
        PutNumber(line, " engine_id "u8, record.EngineId);
        PutNumber(line, " seq "u8, record.Sequence);
        PutNumber(line, " source "u8, record.SourceId);
    }

    private static void PutChecksum(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        line.Add("crc32 "u8);
        line.AddHex(record.Checksum, 8);
    }

    // Ports stand behind their addresses; without an address they are not printed.
    private static void PutPort(Utf8Buffer line, in FlowRecord record, LogFields fields, LogFields part)
    {
        if ((fields & LogFields.SrcDstPort) == 0)
            return;
        if (part == LogFields.SrcAddr)
            PutNumber(line, ":"u8, record.SourcePort);
        else if (part == LogFields.DstAddr)
            PutNumber(line, ":"u8, record.DestinationPort);
    }

    // Inlined, as the next two, because then the length of the name is known.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutNumber(Utf8Buffer line, ReadOnlySpan<byte> name, ulong value)
    {
        line.Add(name);
        line.AddNumber(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutAddress(Utf8Buffer line, ReadOnlySpan<byte> name, in Address address)
    {
        line.Add(name);
        line.Add(in address);
        line.Add((byte)']');
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutInterval(Utf8Buffer line, ReadOnlySpan<byte> name, uint milliseconds)
    {
        line.Add(name);
        IntervalText.Write(line, milliseconds);
    }
}
