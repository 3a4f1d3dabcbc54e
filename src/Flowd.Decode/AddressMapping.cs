using Flowd.Records;

namespace Flowd.Decode;

/// <summary>What to put in the place of an address. The family must stay.</summary>
public delegate Address AddressMapping(in Address address);
