using System;
using System.Globalization;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>How a field is written in rules.</summary>
/// <param name="Field">The field.</param>
/// <param name="Head">The words in front, those of the side of the flow or of the group of fields.</param>
/// <param name="Tail">The word for the field itself; nothing where the head says it.</param>
/// <param name="Least">The smallest number that can be asked for.</param>
/// <param name="Most">The largest.</param>
/// <param name="Print">A number as it is written.</param>
public sealed record NumberFieldInfo(NumberField Field, string Head, string Tail, ulong Least, ulong Most, Func<ulong, string> Print)
{
    /// <summary>All of the words.</summary>
    public string Words => Tail.Length == 0 ? Head : Head + " " + Tail;

    /// <summary>Whether it may stand twice beside itself: amounts have two ends.</summary>
    public bool MayRepeat => Field is NumberField.Packets or NumberField.Octets or NumberField.Duration or NumberField.BitRate or NumberField.PacketRate;
}

/// <summary>What there is to know of each <see cref="NumberField"/>.</summary>
public static class NumberFields
{
    private const ulong LargestMac = (1UL << 48) - 1;
    private const ulong LargestLabel = (1UL << 20) - 1;

    /// <summary>Units of time in milliseconds, the largest first.</summary>
    private static readonly (string Unit, ulong Milliseconds)[] Times = [("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

    private static readonly NumberFieldInfo[] Rows =
    [
        new(NumberField.InputInterface, "in_ifndx", "", 1, uint.MaxValue, Decimal),
        new(NumberField.OutputInterface, "out_ifndx", "", 1, uint.MaxValue, Decimal),
        new(NumberField.SourcePort, "src", "port", 1, ushort.MaxValue, Decimal),
        new(NumberField.DestinationPort, "dst", "port", 1, ushort.MaxValue, Decimal),
        new(NumberField.SourceAs, "src", "as", 0, uint.MaxValue, Decimal),
        new(NumberField.DestinationAs, "dst", "as", 0, uint.MaxValue, Decimal),
        new(NumberField.SourceMask, "src", "mask", 0, 128, Decimal),
        new(NumberField.DestinationMask, "dst", "mask", 0, 128, Decimal),
        new(NumberField.Protocol, "proto", "", 0, byte.MaxValue, static number => ProtocolNames.NameOf((byte)number)),
        new(NumberField.TypeOfService, "tos", "", 0, byte.MaxValue, Octet),
        new(NumberField.Packets, "packets", "", 0, ulong.MaxValue, Decimal),
        new(NumberField.Octets, "octets", "", 0, ulong.MaxValue, Decimal),
        new(NumberField.Duration, "duration", "", 0, long.MaxValue, Time),
        new(NumberField.BitRate, "bps", "", 0, ulong.MaxValue, Decimal),
        new(NumberField.PacketRate, "pps", "", 0, ulong.MaxValue, Decimal),
        new(NumberField.Version, "version", "", 1, ushort.MaxValue, Decimal),
        new(NumberField.Sampling, "sampling", "", 0, uint.MaxValue, Decimal),
        new(NumberField.Direction, "direction", "", 0, 1, static number => number == 0 ? "ingress" : "egress"),
        new(NumberField.Vlan, "vlan", "", 0, 4095, Decimal),
        new(NumberField.Mac, "mac", "", 0, LargestMac, MacText.Of),
        new(NumberField.MplsLabel, "mpls", "", 0, LargestLabel, Decimal),
        new(NumberField.Application, "app", "", 0, ulong.MaxValue, static number => Decimal(number >> 56) + ":" + Decimal(number << 8 >> 8)),
        new(NumberField.IcmpType, "icmp", "type", 0, byte.MaxValue, Decimal),
        new(NumberField.IcmpCode, "icmp", "code", 0, byte.MaxValue, Decimal),
        new(NumberField.NatSourcePort, "nat src", "port", 1, ushort.MaxValue, Decimal),
        new(NumberField.NatDestinationPort, "nat dst", "port", 1, ushort.MaxValue, Decimal),
    ];

    /// <summary>Values that are written as numbers of a field are, but are none.</summary>
    internal static readonly NumberFieldInfo Flags = new(default, "tcp_flags", "", 0, byte.MaxValue, Octet);
    internal static readonly NumberFieldInfo NumberElement = new(default, "ie", "", 0, ulong.MaxValue, Decimal);
    internal static readonly NumberFieldInfo MacElement = NumberElement with { Print = MacText.Of };

    public static NumberFieldInfo Of(NumberField field) => Rows[(int)field];

    internal static string Decimal(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    internal static string Octet(ulong number) => "0x" + number.ToString("x2", CultureInfo.InvariantCulture);

    private static string Time(ulong milliseconds)
    {
        (string unit, ulong factor) = Array.Find(Times, row => milliseconds % row.Milliseconds == 0);
        return milliseconds == 0 ? "0s" : Decimal(milliseconds / factor) + unit;
    }
}
