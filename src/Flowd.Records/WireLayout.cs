using System.Collections.Immutable;

namespace Flowd.Records;

/// <summary>Where in a record on the wire a value stands, in octets.</summary>
public readonly record struct WirePlace(RecordValue Value, int Offset, int Length);

/// <summary>
/// Records that need no decoding, on the wire or in a log: all have one length, and each value stands in its place. Two layouts are the same only if they are one object.
/// </summary>
/// <param name="fields">What such a record has; on the wire, beside what its message gives it.</param>
/// <param name="length">Of each record, in octets; at least <see cref="LeastLength"/> on the wire, 8 in a log.</param>
/// <param name="places">At most one for each value.</param>
public sealed class WireLayout(LogFields fields, int length, ImmutableArray<WirePlace> places)
{
    /// <summary>As many octets as are copied at once.</summary>
    public const int LeastLength = 16;

    public LogFields Fields => fields;

    public int Length => length;

    public ImmutableArray<WirePlace> Places => places;

    /// <summary>Where the value stands; false if such records do not have it.</summary>
    public bool TryFind(RecordValue value, out WirePlace place)
    {
        foreach (WirePlace one in places)
        {
            place = one;
            if (one.Value == value)
                return true;
        }

        place = default;
        return false;
    }
}

/// <summary>Records of one layout in a row that were left on the wire.</summary>
/// <param name="Layout">Of each of them.</param>
/// <param name="Offset">Where in the datagram the first one begins, in octets.</param>
/// <param name="Count">How many, at least one.</param>
/// <param name="Index">Which record of the batch stands for them, with what their message gives them all.</param>
public readonly record struct RecordRun(WireLayout Layout, int Offset, int Count, int Index);
