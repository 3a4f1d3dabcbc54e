using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Records;

namespace Flowd.Config.Syntax;

/// <summary>The names of <c>store</c>. Wide names come before the narrow ones that they contain, so that printing is short.</summary>
internal static class StoreFields
{
    private static readonly (string Name, LogFields Fields)[] Rows =
    [
        ("ALL", LogFields.All),
        ("TAG", LogFields.Tag),
        ("RECV_TIME", LogFields.RecvTime),
        ("PROTO_FLAGS_TOS", LogFields.ProtoFlagsTos),
        ("AGENT_ADDR", LogFields.AgentAddr),
        ("AGENT_ADDR4", LogFields.AgentAddr4),
        ("AGENT_ADDR6", LogFields.AgentAddr6),
        ("SRCDST_ADDR", LogFields.SrcDstAddr),
        ("SRC_ADDR", LogFields.SrcAddr),
        ("SRC_ADDR4", LogFields.SrcAddr4),
        ("SRC_ADDR6", LogFields.SrcAddr6),
        ("DST_ADDR", LogFields.DstAddr),
        ("DST_ADDR4", LogFields.DstAddr4),
        ("DST_ADDR6", LogFields.DstAddr6),
        ("GATEWAY_ADDR", LogFields.GatewayAddr),
        ("GATEWAY_ADDR4", LogFields.GatewayAddr4),
        ("GATEWAY_ADDR6", LogFields.GatewayAddr6),
        ("SRCDST_PORT", LogFields.SrcDstPort),
        ("PACKETS", LogFields.Packets),
        ("OCTETS", LogFields.Octets),
        ("IF_INDICES", LogFields.IfIndices),
        ("AGENT_INFO", LogFields.AgentInfo),
        ("FLOW_TIMES", LogFields.FlowTimes),
        ("AS_INFO", LogFields.AsInfo),
        ("FLOW_ENGINE_INFO", LogFields.FlowEngineInfo),
        ("CRC32", LogFields.Crc32),
        ("EXTENDED", LogFields.Extended),
        ("FLOW_TIMES_ABS", LogFields.FlowTimesAbs),
        ("SAMPLING", LogFields.Sampling),
        ("LAYER2", LogFields.Layer2),
        ("STATUS", LogFields.Status),
        ("NAT", LogFields.Nat),
        ("MPLS", LogFields.Mpls),
        ("REVERSE", LogFields.Reverse),
        ("APPLICATION", LogFields.Application),
        ("BGP", LogFields.Bgp),
        ("EXPORTER", LogFields.Exporter),
        ("OTHER", LogFields.Other),
    ];

    public static IEnumerable<string> Names => Rows.Select(row => row.Name);

    public static bool TryFind(string name, out LogFields fields)
    {
        int row = Array.FindIndex(Rows, r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        fields = row < 0 ? LogFields.None : Rows[row].Fields;
        return row >= 0;
    }

    /// <summary>The fewest names that together mean <paramref name="fields"/>.</summary>
    public static IEnumerable<string> NamesOf(LogFields fields)
    {
        foreach ((string name, LogFields row) in Rows)
        {
            if ((fields & row) != row)
                continue;
            yield return name;
            fields &= ~row;
        }
    }
}
