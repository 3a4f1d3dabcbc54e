using System;
using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Decode.State;

/// <summary>Addresses hashed with a seed, so that nobody can choose many with the same hash.</summary>
internal sealed class AddressComparer : IEqualityComparer<Address>
{
    public static readonly AddressComparer Instance = new();

    public bool Equals(Address x, Address y) => x == y;

    public int GetHashCode(Address obj) => HashCode.Combine(obj.Family, obj.High, obj.Low);
}
