using System.Collections.Immutable;

namespace Flowd.Records;

/// <summary>Where in a record on the wire a value stands, in octets; it may be shorter than a log has it, not longer.</summary>
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

    public const int TagLength = sizeof(uint);

    private const int IPv6Length = 16;

    private WireLayout? _tagged;

    public LogFields Fields => fields;

    public int Length => length;

    public ImmutableArray<WirePlace> Places => places;

    /// <summary>The same with a tag behind each record, which takes 4 octets.</summary>
    public WireLayout Tagged => _tagged ??= new WireLayout(fields | LogFields.Tag, length + TagLength, places.Add(new WirePlace(RecordValue.Tag, length, TagLength)));

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

    /// <summary>Makes a record one of this layout, as far as all are alike: what it has, and of which family its addresses are.</summary>
    public void Describe(ref FlowRecord record)
    {
        record.Fields |= fields;
        foreach (WirePlace place in places)
        {
            if (place.Value == RecordValue.AgentAddress)
                record.AgentAddress = Zero(place.Length);
            else if (place.Value == RecordValue.SourceAddress)
                record.SourceAddress = Zero(place.Length);
            else if (place.Value == RecordValue.DestinationAddress)
                record.DestinationAddress = Zero(place.Length);
            else if (place.Value == RecordValue.GatewayAddress)
                record.GatewayAddress = Zero(place.Length);
        }
    }

    private static Address Zero(int length) => length == IPv6Length ? Address.FromIPv6(stackalloc byte[IPv6Length]) : Address.FromIPv4(0);
}

/// <summary>Records of one layout in a row that were left on the wire.</summary>
/// <param name="Layout">Of each of them.</param>
/// <param name="Offset">Where in the datagram the first one begins, in octets.</param>
/// <param name="Count">How many, at least one.</param>
/// <param name="Index">Which record of the batch stands for them, with what their message gives them all.</param>
public readonly record struct RecordRun(WireLayout Layout, int Offset, int Count, int Index);
