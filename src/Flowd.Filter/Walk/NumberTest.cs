using System;
using Flowd.Records;

namespace Flowd.Filter.Walk;

/// <summary>A compiled clause about a number. Whatever the field, it has one shape: low &lt;= (value &amp; mask) &lt;= high.</summary>
internal readonly record struct NumberTest(RecordField Field, bool Negated, long Mask, long Low, long High)
{
    public const long AllBits = -1;

    /// <summary>Some bit of <paramref name="bits"/> is set.</summary>
    public static NumberTest Any(RecordField field, long bits, bool negated) => new(field, negated, bits, 1, long.MaxValue);

    public static long FamilyBit(AddressFamily family) => 1L << (int)family;

    public bool Holds(in FlowRecord record, LocalClock clock)
        => IsWithin(Load(in record, clock)) != Negated;

    /// <summary>False if a question about time is asked, which wants a clock.</summary>
    public bool HasWireTest => Field is not (RecordField.Day or RecordField.SecondOfDay);

    /// <summary>The same for records that are not decoded; <see cref="Negated"/> or not.</summary>
    public WireTest OnWire(WireLayout layout)
    {
        if (Field == RecordField.Families)
            return WireTest.Always(IsWithin(FamiliesOf(layout.Fields)));
        return High < 0 || Low > uint.MaxValue ? WireTest.Always(false)
            : WireTest.Number(layout, ValueOf(Field), unchecked((uint)Mask), (uint)Math.Max(Low, 0), (uint)Math.Min(High, uint.MaxValue));
    }

    private bool IsWithin(long value) => (value & Mask) >= Low && (value & Mask) <= High;

    private long Load(in FlowRecord record, LocalClock clock) => Field switch
    {
        RecordField.InputInterface => record.InputInterface,
        RecordField.OutputInterface => record.OutputInterface,
        RecordField.Families => FamilyBit(record.SourceAddress.Family) | FamilyBit(record.DestinationAddress.Family),
        RecordField.SourcePort => record.SourcePort,
        RecordField.DestinationPort => record.DestinationPort,
        RecordField.Protocol => record.Protocol,
        RecordField.TypeOfService => record.TypeOfService,
        RecordField.TcpFlags => record.TcpFlags,
        RecordField.Day => clock.DayBit(record.ReceivedSeconds),
        RecordField.SecondOfDay => clock.SecondOfDay(record.ReceivedSeconds),
        _ => record.ReceivedSeconds,
    };

    private static long FamiliesOf(LogFields fields)
        => ((fields & (LogFields.SrcAddr4 | LogFields.DstAddr4)) != 0 ? FamilyBit(AddressFamily.IPv4) : 0)
            | ((fields & (LogFields.SrcAddr6 | LogFields.DstAddr6)) != 0 ? FamilyBit(AddressFamily.IPv6) : 0)
            | ((fields & LogFields.SrcAddr) == 0 || (fields & LogFields.DstAddr) == 0 ? FamilyBit(AddressFamily.None) : 0);

    private static RecordValue ValueOf(RecordField field) => field switch
    {
        RecordField.InputInterface => RecordValue.InputInterface,
        RecordField.OutputInterface => RecordValue.OutputInterface,
        RecordField.SourcePort => RecordValue.SourcePort,
        RecordField.DestinationPort => RecordValue.DestinationPort,
        RecordField.Protocol => RecordValue.Protocol,
        RecordField.TypeOfService => RecordValue.TypeOfService,
        RecordField.TcpFlags => RecordValue.TcpFlags,
        RecordField.ReceivedSeconds => RecordValue.ReceivedSeconds,
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };
}
