using System;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>
/// The numbers that a record has for a field: none, one, or several. The protocol, the type of service and the sampling rate are always there, and 0
/// where nobody said anything, as flowd 0.9.1 has it. A port, an interface or a version of 0 is none, because the language cannot ask for it.
/// </summary>
internal static class FlowNumbers
{
    /// <summary>No field has more.</summary>
    public const int Most = MplsLabels.Length;

    private const byte Icmp = 1;
    private const byte Icmp6 = 58;
    private const ulong NanosecondsPerMillisecond = 1_000_000;
    private const uint MillisecondsPerSecond = 1000;
    private const uint BitsPerOctet = 8;

    /// <summary>The most that a record has for the field.</summary>
    public static int PlacesOf(NumberField field) => field switch
    {
        NumberField.Vlan => 4,
        NumberField.Mac => 2,
        NumberField.MplsLabel => MplsLabels.Length,
        _ => 1,
    };

    /// <summary>Writes them, each in its place, and returns how many there are. The span holds <see cref="Most"/>.</summary>
    public static int Read(NumberField field, in FlowRecord record, Span<ulong> numbers) => field switch
    {
        NumberField.InputInterface => One(numbers, record.InputInterface),
        NumberField.OutputInterface => One(numbers, record.OutputInterface),
        NumberField.SourcePort => One(numbers, record.SourcePort),
        NumberField.DestinationPort => One(numbers, record.DestinationPort),
        NumberField.SourceAs => OneIf(Has(in record, LogFields.AsInfo), numbers, record.SourceAs),
        NumberField.DestinationAs => OneIf(Has(in record, LogFields.AsInfo), numbers, record.DestinationAs),
        NumberField.SourceMask => OneIf(Has(in record, LogFields.AsInfo), numbers, record.SourceMask),
        NumberField.DestinationMask => OneIf(Has(in record, LogFields.AsInfo), numbers, record.DestinationMask),
        NumberField.Protocol => One(numbers, record.Protocol),
        NumberField.TypeOfService => One(numbers, record.TypeOfService),
        NumberField.Packets => OneIf(Has(in record, LogFields.Packets), numbers, record.Packets),
        NumberField.Octets => OneIf(Has(in record, LogFields.Octets), numbers, record.Octets),
        NumberField.Duration => OneIf(TryDuration(in record, out ulong duration), numbers, duration),
        NumberField.BitRate => RateOf(in record, LogFields.Octets, (UInt128)record.Octets * BitsPerOctet, numbers),
        NumberField.PacketRate => RateOf(in record, LogFields.Packets, record.Packets, numbers),
        NumberField.Version => One(numbers, record.Version),
        NumberField.Sampling => One(numbers, record.Sampling.Rate),
        NumberField.Direction => OneIf(Has(in record, LogFields.Status), numbers, record.Status.Direction),
        NumberField.Vlan => Has(in record, LogFields.Layer2) ? Vlans(in record.Layer2, numbers) : 0,
        NumberField.Mac => Has(in record, LogFields.Layer2) ? Macs(in record.Layer2, numbers) : 0,
        NumberField.MplsLabel => Has(in record, LogFields.Mpls) ? Labels(in record.Mpls, numbers) : 0,
        NumberField.Application => OneIf(Has(in record, LogFields.Application), numbers, record.ApplicationId),
        NumberField.IcmpType => OneIf(IsIcmp(in record), numbers, record.Status.IcmpType),
        NumberField.IcmpCode => OneIf(IsIcmp(in record), numbers, record.Status.IcmpCode),
        NumberField.NatSourcePort => OneIf(Has(in record, LogFields.Nat), numbers, record.Nat.PostSourcePort),
        NumberField.NatDestinationPort => OneIf(Has(in record, LogFields.Nat), numbers, record.Nat.PostDestinationPort),
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    private static bool Has(in FlowRecord record, LogFields field) => (record.Fields & field) != 0;

    private static bool IsIcmp(in FlowRecord record) => Has(in record, LogFields.Status) && record.Protocol is Icmp or Icmp6;

    private static int One(Span<ulong> numbers, ulong number) => OneIf(true, numbers, number);

    private static int OneIf(bool isThere, Span<ulong> numbers, ulong number)
    {
        numbers[0] = number;
        return isThere ? 1 : 0;
    }

    // Absolute times are finer; those of the agent's uptime begin again at 0 after 49 days. An end before the start is no duration.
    private static bool TryDuration(in FlowRecord record, out ulong milliseconds)
    {
        if (Has(in record, LogFields.FlowTimesAbs) && record is { FlowStartNanoseconds: > 0, FlowFinishNanoseconds: > 0 })
        {
            bool isForward = record.FlowFinishNanoseconds >= record.FlowStartNanoseconds;
            milliseconds = isForward ? (record.FlowFinishNanoseconds - record.FlowStartNanoseconds) / NanosecondsPerMillisecond : 0;
            return isForward;
        }

        uint difference = unchecked(record.FlowFinish - record.FlowStart);
        milliseconds = difference;
        return Has(in record, LogFields.FlowTimes) && difference <= int.MaxValue;
    }

    private static int RateOf(in FlowRecord record, LogFields field, UInt128 amount, Span<ulong> numbers)
    {
        if (!Has(in record, field) || !TryDuration(in record, out ulong duration) || duration == 0)
            return 0;
        return One(numbers, (ulong)UInt128.Min(amount * MillisecondsPerSecond / duration, ulong.MaxValue));
    }

    private static int Vlans(in Layer2 layer, Span<ulong> numbers)
    {
        (numbers[0], numbers[1], numbers[2], numbers[3]) = (layer.Vlan, layer.PostVlan, layer.CustomerVlan, layer.PostCustomerVlan);
        return 4;
    }

    private static int Macs(in Layer2 layer, Span<ulong> numbers)
    {
        (numbers[0], numbers[1]) = (layer.SourceMac, layer.DestinationMac);
        return 2;
    }

    private static int Labels(in MplsLabels labels, Span<ulong> numbers)
    {
        int count = 0;
        for (; count < MplsLabels.Length && labels[count] != 0; count++)
            numbers[count] = MplsLabels.LabelOf(labels[count]);
        return count;
    }
}
