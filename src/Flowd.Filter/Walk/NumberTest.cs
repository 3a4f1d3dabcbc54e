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
        => IsWithin(Load(in record, clock) & Mask) != Negated;

    private bool IsWithin(long value) => value >= Low && value <= High;

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
}
