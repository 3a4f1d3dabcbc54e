using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Flowd.Filter;

/// <summary>
/// Names of IP protocols: the IANA registry "Assigned Internet Protocol Numbers" and the usual aliases of /etc/protocols.
/// A table of our own, because the configuration is parsed by a process that may open no file.
/// </summary>
public static class ProtocolNames
{
    // Position is number; an empty string is a number without a name.
    private static readonly string[] Registry =
    [
        "hopopt", "icmp", "igmp", "ggp", "ipv4", "st", "tcp", "cbt", "egp", "igp",
        "bbn-rcc-mon", "nvp-ii", "pup", "argus", "emcon", "xnet", "chaos", "udp", "mux", "dcn-meas",
        "hmp", "prm", "xns-idp", "trunk-1", "trunk-2", "leaf-1", "leaf-2", "rdp", "irtp", "iso-tp4",
        "netblt", "mfe-nsp", "merit-inp", "dccp", "3pc", "idpr", "xtp", "ddp", "idpr-cmtp", "tp++",
        "il", "ipv6", "sdrp", "ipv6-route", "ipv6-frag", "idrp", "rsvp", "gre", "dsr", "bna",
        "esp", "ah", "i-nlsp", "swipe", "narp", "min-ipv4", "tlsp", "skip", "ipv6-icmp", "ipv6-nonxt",
        "ipv6-opts", "", "cftp", "", "sat-expak", "kryptolan", "rvd", "ippc", "", "sat-mon",
        "visa", "ipcv", "cpnx", "cphb", "wsn", "pvp", "br-sat-mon", "sun-nd", "wb-mon", "wb-expak",
        "iso-ip", "vmtp", "secure-vmtp", "vines", "iptm", "nsfnet-igp", "dgp", "tcf", "eigrp", "ospf",
        "sprite-rpc", "larp", "mtp", "ax.25", "ipip", "micp", "scc-sp", "etherip", "encap", "",
        "gmtp", "ifmp", "pnni", "pim", "aris", "scps", "qnx", "a/n", "ipcomp", "snp",
        "compaq-peer", "ipx-in-ip", "vrrp", "pgm", "", "l2tp", "ddx", "iatp", "stp", "srp",
        "uti", "smp", "sm", "ptp", "isis", "fire", "crtp", "crudp", "sscopmce", "iplt",
        "sps", "pipe", "sctp", "fc", "rsvp-e2e-ignore", "mobility-header", "udplite", "mpls-in-ip", "manet", "hip",
        "shim6", "wesp", "rohc", "ethernet", "aggfrag", "nsh",
    ];

    private static readonly (string Name, byte Number)[] Aliases =
    [
        ("ip", 0),
        ("ipencap", 4),
        ("ip-encap", 4),
        ("mobile", 55),
        ("icmp6", 58),
        ("icmpv6", 58),
        ("ipsec-esp", 50),
        ("ipsec-ah", 51),
        ("rspf", 73),
        ("ttp", 84),
        ("ospfigp", 89),
        ("carp", 112),
        ("udp-lite", 136),
    ];

    private static readonly Dictionary<string, byte> Numbers = BuildNumbers();

    /// <summary>Finds a protocol by its name; capitals do not matter, as /etc/protocols has most names in both.</summary>
    public static bool TryFind(string name, out byte number) => Numbers.TryGetValue(name, out number);

    /// <summary>The name if it can stand in a rule without quotes, else the number.</summary>
    public static string NameOf(byte number)
    {
        string name = number < Registry.Length ? Registry[number] : "";
        return name.Length > 0 && name.All(char.IsAsciiLetterOrDigit) ? name : number.ToString(CultureInfo.InvariantCulture);
    }

    private static Dictionary<string, byte> BuildNumbers()
    {
        var numbers = new Dictionary<string, byte>(StringComparer.OrdinalIgnoreCase);
        for (int number = 0; number < Registry.Length; number++)
        {
            if (Registry[number].Length > 0)
                numbers.Add(Registry[number], (byte)number);
        }

        foreach ((string name, byte number) in Aliases)
            numbers.TryAdd(name, number);
        return numbers;
    }
}
