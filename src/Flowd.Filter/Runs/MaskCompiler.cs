using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Records;

namespace Flowd.Filter.Runs;

/// <summary>Compiles conditions for records of one layout. What these do not have each, they have in common.</summary>
internal sealed class MaskCompiler(WireLayout layout, TimeZoneInfo zone)
{
    private const int Half = sizeof(uint);
    private const int BitsOfHalf = 32;

    public RunColumns Columns { get; } = new(layout);

    /// <summary>True if some condition asks about what the records have in common.</summary>
    public bool AsksMessage { get; private set; }

    /// <summary>True if the condition asks for nothing but values of layouts, and what a message gives its records.</summary>
    public static bool Knows(Condition condition) => condition switch
    {
        NumberIn number => WireValues.Of(number.Field) is not null || number.Field == NumberField.Version,
        AddressIn address => WireValues.Of(address.Field) is not null,
        AllOf or AnyOf or Not or FlagsIn or FamilyIs or DayIn or TimeIn or DateIn => true,
        _ => false,
    };

    public RecordMask MaskOf(Condition condition) => condition switch
    {
        AllOf all => RecordMask.All(all.Parts.Select(MaskOf)),
        AnyOf any => RecordMask.Any(any.Parts.Select(MaskOf)),
        Not not => RecordMask.Opposite(MaskOf(not.Part)),
        NumberIn number when Find(WireValues.Of(number.Field), out WirePlace place) => In(in place, number.Numbers),
        AddressIn address when Find(WireValues.Of(address.Field), out WirePlace place) => In(in place, address.Prefixes),
        FlagsIn flags when Find(RecordValue.TcpFlags, out WirePlace place)
            => RecordMask.Any(flags.Numbers.Ranges.Select(range => In(in place, flags.Mask, Math.Min(range.Low, uint.MaxValue), range.High))),
        DateIn date when Find(RecordValue.ReceivedSeconds, out WirePlace place) => In(in place, LocalClock.InstantsOf(zone, date)),
        _ => Common(condition),
    };

    private RecordMask Common(Condition condition)
    {
        AsksMessage = true;
        return RecordMask.Common(condition);
    }

    private bool Find(RecordValue? value, out WirePlace place)
    {
        place = default;
        return value is { } known && layout.TryFind(known, out place);
    }

    private RecordMask In(in WirePlace place, RangeSet numbers)
    {
        var masks = new List<RecordMask>();
        foreach (NumberRange range in numbers.Ranges)
            masks.Add(In(place.Offset, place.Length, range.Low, range.High));
        return RecordMask.Any(masks);
    }

    // The octets as a number. Where that is longer than a window, its two halves are compared.
    private RecordMask In(int offset, int length, ulong low, ulong high)
    {
        if (length <= Half)
            return low > uint.MaxValue ? RecordMask.Never : In(new WirePlace(default, offset, length), uint.MaxValue, low, high);
        (ulong lowHigh, ulong highHigh) = (low >> BitsOfHalf, high >> BitsOfHalf);
        (ulong lowLow, ulong highLow) = (low & uint.MaxValue, high & uint.MaxValue);
        if (lowHigh == highHigh)
            return RecordMask.All([High(lowHigh, lowHigh), Low(lowLow, highLow)]);
        return RecordMask.Any([
            RecordMask.All([High(lowHigh, lowHigh), Low(lowLow, uint.MaxValue)]),
            RecordMask.All([High(highHigh, highHigh), Low(0, highLow)]),
            lowHigh + 1 < highHigh ? High(lowHigh + 1, highHigh - 1) : RecordMask.Never]);

        RecordMask High(ulong first, ulong last) => In(offset, length - Half, first, last);
        RecordMask Low(ulong first, ulong last) => In(offset + length - Half, Half, first, last);
    }

    private RecordMask In(in WirePlace place, uint mask, ulong low, ulong high)
        => In(WireWindow.Of(layout, place.Offset, place.Length, mask, (uint)low, (uint)Math.Min(high, uint.MaxValue)));

    private RecordMask In(in WirePlace place, PrefixSet addresses)
    {
        if (addresses.IsAny)
            return RecordMask.Always;
        var masks = new List<RecordMask>();
        if (place.Length == Half)
        {
            for (int i = 0; i < addresses.Four.Firsts.Length; i++)
                masks.Add(In(in place, uint.MaxValue, addresses.Four.Firsts[i], addresses.Four.Lasts[i]));
            return RecordMask.Any(masks);
        }

        foreach (Prefix network in addresses.Prefixes())
            masks.Add(In(WireTest.Network(layout, place.Value, network)));
        return RecordMask.Any(masks);
    }

    private RecordMask In(WireTest test)
        => test.Answer switch
        {
            true => RecordMask.Always,
            false => RecordMask.Never,
            null => RecordMask.All(Enumerable.Range(0, test.Count).Select(i => In(test[i]))),
        };

    private RecordMask In(WireWindow window) => RecordMask.In(window, Columns.ColumnOf(window.Offset));
}
