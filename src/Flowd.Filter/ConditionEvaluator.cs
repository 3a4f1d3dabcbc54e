using System;
using System.Linq;
using System.Text;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>
/// Whether a flow meets a condition: the meaning of the language, in its plainest form. Allocates nothing and remembers the time, so it belongs to one
/// thread.
/// </summary>
internal sealed class ConditionEvaluator(TimeZoneInfo zone)
{
    private const int LongestNumber = 8;

    public LocalClock Clock { get; } = new(zone);

    /// <summary>Other: the record's elements without a place of their own.</summary>
    public bool Holds(Condition condition, in FlowRecord record, ReadOnlySpan<byte> other)
    {
        switch (condition)
        {
            case NumberIn number:
                return HasNumber(number, in record);
            case AddressIn address:
                return IsThere(address.Field, in record) && address.Prefixes.Contains(in AddressOf(in record, address.Field));
            case AllOf all:
                return HoldAll(all, in record, other);
            case AnyOf any:
                return HoldsAny(any, in record, other);
            case Not not:
                return !Holds(not.Part, in record, other);
            case FamilyIs family:
                return record.SourceAddress.Family == family.Family || record.DestinationAddress.Family == family.Family;
            case FlagsIn flags:
                return flags.Numbers.Contains((byte)(record.TcpFlags & flags.Mask));
            case ElementIn or ElementAddressIn or ElementIs:
                return HasElement(condition, other);
            default:
                return HoldsTime(condition, record.ReceivedSeconds);
        }
    }

    /// <summary>The address; none, which is in no set but "any", where the record does not have it.</summary>
    public static ref readonly Address AddressOf(in FlowRecord record, AddressField field)
    {
        switch (field)
        {
            case AddressField.Agent:
                return ref record.AgentAddress;
            case AddressField.Source:
                return ref record.SourceAddress;
            case AddressField.Destination:
                return ref record.DestinationAddress;
            case AddressField.NextHop:
                return ref record.GatewayAddress;
            case AddressField.BgpNextHop:
                return ref record.Bgp.NextHop;
            case AddressField.NatSource:
                return ref record.Nat.PostSource;
            default:
                return ref record.Nat.PostDestination;
        }
    }

    /// <summary>False for the fields that are in a section of their own: "any" behind a translator wants a translator.</summary>
    public static bool IsAlwaysThere(AddressField field) => field < AddressField.BgpNextHop;

    public static bool IsThere(AddressField field, in FlowRecord record) => field switch
    {
        AddressField.NatSource or AddressField.NatDestination => (record.Fields & LogFields.Nat) != 0,
        AddressField.BgpNextHop => (record.Fields & LogFields.Bgp) != 0,
        _ => true,
    };

    private bool HoldAll(AllOf all, in FlowRecord record, ReadOnlySpan<byte> other)
    {
        for (int i = 0; i < all.Parts.Count; i++)
        {
            if (!Holds(all.Parts[i], in record, other))
                return false;
        }

        return true;
    }

    private bool HoldsAny(AnyOf any, in FlowRecord record, ReadOnlySpan<byte> other)
    {
        for (int i = 0; i < any.Parts.Count; i++)
        {
            if (Holds(any.Parts[i], in record, other))
                return true;
        }

        return false;
    }

    private static bool HasNumber(NumberIn wanted, in FlowRecord record)
    {
        Span<ulong> numbers = stackalloc ulong[FlowNumbers.Most];
        foreach (ulong number in numbers[..FlowNumbers.Read(wanted.Field, in record, numbers)])
        {
            if (wanted.Numbers.Contains(number))
                return true;
        }

        return false;
    }

    private static bool HasElement(Condition wanted, ReadOnlySpan<byte> elements)
    {
        for (var rest = new OtherElements(elements); rest.TryRead(out uint enterprise, out ushort id, out ReadOnlySpan<byte> value);)
        {
            bool holds = wanted switch
            {
                ElementIn element => element.Enterprise == enterprise && element.Id == id && TryNumber(value, out ulong number) && element.Numbers.Contains(number),
                ElementAddressIn element => element.Enterprise == enterprise && element.Id == id && TryAddress(value, out Address address) && element.Prefixes.Contains(in address),
                ElementIs element => element.Enterprise == enterprise && element.Id == id && IsText(value, element.Text),
                _ => false,
            };
            if (holds)
                return true;
        }

        return false;
    }

    private static bool TryNumber(ReadOnlySpan<byte> value, out ulong number)
    {
        number = 0;
        if (value.Length is 0 or > LongestNumber)
            return false;
        foreach (byte octet in value)
            number = number << 8 | octet;
        return true;
    }

    private static bool TryAddress(ReadOnlySpan<byte> value, out Address address)
    {
        address = value.Length switch
        {
            4 => Address.FromIPv4((uint)value[0] << 24 | (uint)value[1] << 16 | (uint)value[2] << 8 | value[3]),
            16 => Address.FromIPv6(value),
            _ => default,
        };
        return address.Family != AddressFamily.None;
    }

    private static bool IsText(ReadOnlySpan<byte> value, string wanted)
    {
        Span<byte> text = stackalloc byte[RecordBatch.MostOtherOfRecord];
        return Encoding.UTF8.TryGetBytes(wanted, text, out int length) && value.TrimEnd((byte)0).SequenceEqual(text[..length]);
    }

    private bool HoldsTime(Condition condition, uint received)
    {
        switch (condition)
        {
            case DayIn days:
                return ((long)days.Days & Clock.DayBit(received)) != 0;
            case TimeIn time:
                long second = Clock.SecondOfDay(received);
                bool isAfter = time.After is not { } after || second >= LocalTime.SecondOfDay(after);
                bool isBefore = time.Before is not { } before || second <= LocalTime.SecondOfDay(before);
                return time.IsOverMidnight ? isAfter || isBefore : isAfter && isBefore;
            case DateIn date:
                return (date.After is not { } start || received > LocalClock.ToInstant(zone, start))
                    && (date.Before is not { } end || received < LocalClock.ToInstant(zone, end));
            default:
                throw new ArgumentException($"no condition that is known: {condition.GetType().Name}", nameof(condition));
        }
    }
}
