using System.Collections.Generic;

namespace Flowd.Sinks;

/// <summary>A counter and the octets it takes: 4 or 8.</summary>
internal readonly record struct CounterField(string Name, int Length);

/// <summary>The blocks of counters of sFlow (sflow.org, "sFlow Version 5", counter data), with the names of its standard.</summary>
internal static class CounterNames
{
    private static readonly Dictionary<uint, (string Name, CounterField[] Fields)> ByFormat = new()
    {
        [1] = ("interface",
        [
            new("ifIndex", 4), new("ifType", 4), new("ifSpeed", 8), new("ifDirection", 4), new("ifStatus", 4), new("ifInOctets", 8), new("ifInUcastPkts", 4), new("ifInMulticastPkts", 4),
            new("ifInBroadcastPkts", 4), new("ifInDiscards", 4), new("ifInErrors", 4), new("ifInUnknownProtos", 4), new("ifOutOctets", 8), new("ifOutUcastPkts", 4), new("ifOutMulticastPkts", 4),
            new("ifOutBroadcastPkts", 4), new("ifOutDiscards", 4), new("ifOutErrors", 4), new("ifPromiscuousMode", 4),
        ]),
        [2] = ("ethernet",
        [
            new("dot3StatsAlignmentErrors", 4), new("dot3StatsFCSErrors", 4), new("dot3StatsSingleCollisionFrames", 4), new("dot3StatsMultipleCollisionFrames", 4), new("dot3StatsSQETestErrors", 4),
            new("dot3StatsDeferredTransmissions", 4), new("dot3StatsLateCollisions", 4), new("dot3StatsExcessiveCollisions", 4), new("dot3StatsInternalMacTransmitErrors", 4),
            new("dot3StatsCarrierSenseErrors", 4), new("dot3StatsFrameTooLongs", 4), new("dot3StatsInternalMacReceiveErrors", 4), new("dot3StatsSymbolErrors", 4),
        ]),
        [5] = ("vlan", [new("vlan_id", 4), new("octets", 8), new("ucastPkts", 4), new("multicastPkts", 4), new("broadcastPkts", 4), new("discards", 4)]),
        [1001] = ("processor", [new("5s_cpu", 4), new("1m_cpu", 4), new("5m_cpu", 4), new("total_memory", 8), new("free_memory", 8)]),
    };

    /// <summary>False for a block that we do not know.</summary>
    public static bool TryFind(uint format, out (string Name, CounterField[] Fields) block) => ByFormat.TryGetValue(format, out block);
}
