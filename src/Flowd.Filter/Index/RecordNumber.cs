using System;
using Flowd.Records;

namespace Flowd.Filter.Index;

/// <summary>What a number of a record says.</summary>
internal enum RecordNumberKind : byte
{
    /// <summary>One of the <see cref="FlowNumbers"/>.</summary>
    OfField,

    /// <summary>A bit for each family that source or destination have: see <see cref="RecordNumber.FamilyBit"/>.</summary>
    Families,
    TcpFlags,

    /// <summary>A bit of <see cref="DaySet"/>.</summary>
    Day,
    SecondOfDay,
    ReceivedSeconds,
}

/// <summary>A number that a record has once or not at all. Field and Place are those of <see cref="RecordNumberKind.OfField"/>: of several numbers, the one at that place.</summary>
internal readonly record struct RecordNumber(RecordNumberKind Kind, NumberField Field = default, byte Place = 0)
{
    public static ulong FamilyBit(AddressFamily family) => 1ul << (int)family;

    /// <summary>The value that records have it as which are not decoded; null if they do not.</summary>
    public RecordValue? Value => Kind switch
    {
        RecordNumberKind.OfField => WireValues.Of(Field),
        RecordNumberKind.TcpFlags => RecordValue.TcpFlags,
        _ => null,
    };

    /// <summary>True if all records of a message and a layout have the same.</summary>
    public bool IsOfMessage => Kind is not (RecordNumberKind.OfField or RecordNumberKind.TcpFlags) || (Kind == RecordNumberKind.OfField && Field == NumberField.Version);

    /// <summary>False if the record does not have it. <paramref name="room"/> holds <see cref="FlowNumbers.Most"/>.</summary>
    public bool TryRead(in FlowRecord record, LocalClock clock, Span<ulong> room, out ulong number)
    {
        if (Kind == RecordNumberKind.OfField)
        {
            int count = FlowNumbers.Read(Field, in record, room);
            number = room[Place];
            return Place < count;
        }

        number = Kind switch
        {
            RecordNumberKind.Families => FamilyBit(record.SourceAddress.Family) | FamilyBit(record.DestinationAddress.Family),
            RecordNumberKind.TcpFlags => record.TcpFlags,
            RecordNumberKind.Day => (ulong)clock.DayBit(record.ReceivedSeconds),
            RecordNumberKind.SecondOfDay => (ulong)clock.SecondOfDay(record.ReceivedSeconds),
            _ => record.ReceivedSeconds,
        };
        return true;
    }
}
