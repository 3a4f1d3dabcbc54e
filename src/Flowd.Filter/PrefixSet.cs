using System;
using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>
/// A set of addresses, made of prefixes, one or millions. Two are equal if they have the same addresses, whatever prefixes said so.
/// <see cref="Any"/> has every address, and what is no address as well.
/// </summary>
public sealed class PrefixSet : IEquatable<PrefixSet>
{
    public static readonly PrefixSet Any = new(AddressRanges<uint>.Of([], []), AddressRanges<UInt128>.Of([], []));

    private readonly AddressRanges<uint> _four;
    private readonly AddressRanges<UInt128> _six;

    internal PrefixSet(in AddressRanges<uint> four, in AddressRanges<UInt128> six) => (_four, _six) = (four, six);

    public bool IsAny => ReferenceEquals(this, Any);

    public bool IsEmpty => !IsAny && _four.Firsts.IsEmpty && _six.Firsts.IsEmpty;

    internal ref readonly AddressRanges<uint> Four => ref _four;

    internal ref readonly AddressRanges<UInt128> Six => ref _six;

    /// <summary>Where addresses begin to be in the set and where they cease to be, in turn, ascending. The last range has no end if it goes up to the last address.</summary>
    internal ulong[] Edges4 => _four.Edges<ulong>();

    internal UInt128[] Edges6 => _six.Edges<UInt128>();

    /// <summary>The family that all of it is of; None if there are both, or neither, or any.</summary>
    public AddressFamily Family
        => _four.Firsts.IsEmpty == _six.Firsts.IsEmpty ? AddressFamily.None : _six.Firsts.IsEmpty ? AddressFamily.IPv4 : AddressFamily.IPv6;

    public static PrefixSet Of(params ReadOnlySpan<Prefix> prefixes)
    {
        var builder = new PrefixSetBuilder();
        foreach (Prefix prefix in prefixes)
        {
            if (prefix.IsAny)
                return Any;
            builder.Add(prefix);
        }

        return builder.Build();
    }

    public bool Contains(in Address address) => address.Family switch
    {
        AddressFamily.IPv4 => IsAny || _four.Contains((uint)address.Low),
        AddressFamily.IPv6 => IsAny || _six.Contains(new UInt128(address.High, address.Low)),
        _ => IsAny,
    };

    /// <summary>The fewest prefixes that are the set, in order, IPv4 first. One that is "any" stands for all of it.</summary>
    public IEnumerable<Prefix> Prefixes()
    {
        if (IsAny)
            yield return Prefix.Any;
        for (int i = 0; i < _four.Firsts.Length; i++)
        {
            foreach ((UInt128 first, int hostBits) in Blocks(_four.Firsts[i], _four.Lasts[i]))
                yield return new Prefix(Address.FromIPv4((uint)first), (byte)(32 - hostBits));
        }

        for (int i = 0; i < _six.Firsts.Length; i++)
        {
            foreach ((UInt128 first, int hostBits) in Blocks(_six.Firsts[i], _six.Lasts[i]))
                yield return new Prefix(Address.FromIPv6((ulong)(first >> 64), (ulong)(first & ulong.MaxValue)), (byte)(128 - hostBits));
        }
    }

    public bool Equals(PrefixSet? other)
        => ReferenceEquals(this, other) || (other is not null && IsAny == other.IsAny && _four.Equals(other._four) && _six.Equals(other._six));

    public override bool Equals(object? obj) => Equals(obj as PrefixSet);

    public override int GetHashCode() => HashCode.Combine(IsAny, _four, _six);

    // Each block as long as its first address and the end allow.
    private static IEnumerable<(UInt128 First, int HostBits)> Blocks(UInt128 first, UInt128 last)
    {
        while (true)
        {
            int hostBits = first == UInt128.Zero ? 128 : (int)UInt128.TrailingZeroCount(first);
            while (last - first < Mask(hostBits))
                hostBits--;
            yield return (first, hostBits);
            if (last - first == Mask(hostBits))
                yield break;
            first += Mask(hostBits) + 1;
        }
    }

    private static UInt128 Mask(int bits) => bits == 0 ? UInt128.Zero : UInt128.MaxValue >> (128 - bits);
}
