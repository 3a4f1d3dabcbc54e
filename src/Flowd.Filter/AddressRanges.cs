using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Flowd.Filter;

/// <summary>A network while a set is made of many: its first address, how many bits of an address are behind it, and whether it is taken out.</summary>
internal readonly record struct NetworkEntry<T>(T First, byte HostBits, bool Negated)
    where T : struct, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>;

/// <summary>
/// Addresses of one family as sorted ranges with gaps between them: two plain arrays, so that millions take little room, and looking one up halves
/// them some twenty times.
/// </summary>
internal readonly struct AddressRanges<T> : IEquatable<AddressRanges<T>>
    where T : struct, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
{
    private readonly T[] _firsts;
    private readonly T[] _lasts;

    private AddressRanges(T[] firsts, T[] lasts) => (_firsts, _lasts) = (firsts, lasts);

    public ReadOnlySpan<T> Firsts => _firsts;

    public ReadOnlySpan<T> Lasts => _lasts;

    /// <summary>Ranges that <see cref="AreInOrder"/>.</summary>
    public static AddressRanges<T> Of(T[] firsts, T[] lasts) => new(firsts, lasts);

    /// <summary>True if each ends where it begins or behind that, and before the next.</summary>
    public static bool AreInOrder(ReadOnlySpan<T> firsts, ReadOnlySpan<T> lasts)
    {
        for (int i = 0; i < firsts.Length; i++)
        {
            if (firsts[i] > lasts[i] || (i > 0 && firsts[i] <= lasts[i - 1]))
                return false;
        }

        return true;
    }

    /// <summary>Of the networks that hold an address the longest decides; of two that are the same, the one that is taken out.</summary>
    public static AddressRanges<T> Of(List<NetworkEntry<T>> networks)
    {
        networks.Sort(static (one, other) => one.First != other.First ? one.First.CompareTo(other.First)
            : one.HostBits != other.HostBits ? other.HostBits.CompareTo(one.HostBits)
            : one.Negated.CompareTo(other.Negated));
        var sweep = new Sweep();
        foreach (NetworkEntry<T> network in networks)
            sweep.Open(network.First, LastOf(network), !network.Negated);
        return sweep.Finish();
    }

    public bool Contains(T address)
    {
        int begun = 0; // how many ranges begin at or before the address
        for (int end = _firsts.Length; begun < end;)
        {
            int middle = (begun + end) / 2;
            if (_firsts[middle] <= address)
                begun = middle + 1;
            else
                end = middle;
        }

        return begun > 0 && address <= _lasts[begun - 1];
    }

    /// <summary>Where addresses begin to be in the ranges and where they cease to be, in turn, ascending; without the end of what goes up to the last address.</summary>
    public TEdge[] Edges<TEdge>()
        where TEdge : struct, IBinaryInteger<TEdge>
    {
        bool isOpen = _lasts.Length > 0 && _lasts[^1] == T.MaxValue;
        var edges = new TEdge[2 * _firsts.Length - (isOpen ? 1 : 0)];
        for (int i = 0; i < edges.Length; i++)
            edges[i] = i % 2 == 0 ? TEdge.CreateTruncating(_firsts[i / 2]) : TEdge.CreateTruncating(_lasts[i / 2]) + TEdge.One;
        return edges;
    }

    public bool Equals(AddressRanges<T> other) => Firsts.SequenceEqual(other.Firsts) && Lasts.SequenceEqual(other.Lasts);

    public override bool Equals(object? obj) => obj is AddressRanges<T> other && Equals(other);

    // Ranges at both ends and how many there are tell nearly all sets from each other.
    public override int GetHashCode() => HashCode.Combine(_firsts.Length, _firsts.FirstOrDefault(), _lasts.FirstOrDefault(), _firsts.LastOrDefault(), _lasts.LastOrDefault());

    private static T LastOf(in NetworkEntry<T> network) => network.First | HostMask(network.HostBits);

    private static T HostMask(int bits) => bits == 0 ? T.Zero : T.MaxValue >> (int.CreateChecked(T.PopCount(T.MaxValue)) - bits);

    // Goes over networks by their first addresses, those that hold others first; _open has those that hold the present address, the shortest at the bottom.
    private sealed class Sweep
    {
        private readonly List<T> _firsts = [];
        private readonly List<T> _lasts = [];
        private readonly Stack<(T Last, bool IsIn)> _open = [];
        private T _next; // the first address that is not decided yet
        private bool _isAtEnd; // there is none, as the last address of all is

        public void Open(T first, T last, bool isIn)
        {
            CloseBefore(first);
            if (_open.Count > 0 && first > _next)
                Decide(first - T.One, _open.Peek().IsIn);
            _next = first;
            _open.Push((last, isIn));
        }

        public AddressRanges<T> Finish()
        {
            while (_open.TryPop(out (T Last, bool IsIn) network))
                Decide(network.Last, network.IsIn);
            return new AddressRanges<T>([.. _firsts], [.. _lasts]);
        }

        private void CloseBefore(T first)
        {
            while (_open.Count > 0 && _open.Peek().Last < first)
            {
                (T last, bool isIn) = _open.Pop();
                Decide(last, isIn);
            }
        }

        // Everything up to that address is in the set, or is not.
        private void Decide(T last, bool isIn)
        {
            if (_isAtEnd || last < _next)
                return;
            if (isIn && _lasts.Count > 0 && _next != T.Zero && _lasts[^1] == _next - T.One)
                _lasts[^1] = last;
            else if (isIn)
                Add(last);
            _isAtEnd = last == T.MaxValue;
            if (!_isAtEnd)
                _next = last + T.One;
        }

        private void Add(T last)
        {
            _firsts.Add(_next);
            _lasts.Add(last);
        }
    }
}
