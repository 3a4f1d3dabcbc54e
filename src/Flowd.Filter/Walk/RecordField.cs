namespace Flowd.Filter.Walk;

/// <summary>The numbers that a record always has, as tests ask for them.</summary>
internal enum RecordField : byte
{
    InputInterface,
    OutputInterface,

    /// <summary>One bit for IPv4, one for IPv6, of source and destination together: see <see cref="NumberTest.FamilyBit"/>.</summary>
    Families,
    SourcePort,
    DestinationPort,
    Protocol,
    TypeOfService,
    TcpFlags,

    /// <summary>A bit of <see cref="DaySet"/>.</summary>
    Day,
    SecondOfDay,
    ReceivedSeconds,
}
