using Flowd.Records;

namespace Flowd.Filter.Index;

/// <summary>One number of records, and the class that it puts them into.</summary>
internal sealed class NumberDimension(RecordNumber number, LocalClock clock, ClassMap classes)
{
    private readonly ulong[] _room = new ulong[FlowNumbers.Most];

    public int ClassOf(in FlowRecord record)
        => number.TryRead(in record, clock, _room, out ulong value) ? classes.ClassOf(value) : 0;
}
