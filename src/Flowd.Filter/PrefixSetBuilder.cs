using System;
using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>Makes a <see cref="PrefixSet"/> of prefixes, of which some may be taken out again: of those that hold an address the longest decides.</summary>
public sealed class PrefixSetBuilder
{
    private readonly List<NetworkEntry<uint>> _four = [];
    private readonly List<NetworkEntry<UInt128>> _six = [];

    public int Count => _four.Count + _six.Count;

    /// <summary>A prefix of either family, without bits behind its length.</summary>
    public void Add(Prefix prefix, bool negated = false)
    {
        Address address = prefix.Address;
        byte hostBits = (byte)(address.Bits - prefix.Length);
        if (address.Family == AddressFamily.IPv4)
            _four.Add(new NetworkEntry<uint>((uint)address.Low, hostBits, negated));
        else if (address.Family == AddressFamily.IPv6)
            _six.Add(new NetworkEntry<UInt128>(new UInt128(address.High, address.Low), hostBits, negated));
    }

    /// <summary>The set; what was added is gone then.</summary>
    public PrefixSet Build()
    {
        var set = new PrefixSet(AddressRanges<uint>.Of(_four), AddressRanges<UInt128>.Of(_six));
        _four.Clear();
        _six.Clear();
        return set;
    }
}
