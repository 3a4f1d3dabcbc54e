using Flowd.Records;

namespace Flowd.Anonymize;

/// <summary>
/// What some addresses are mapped to, each at the one place that its hash says: what comes later takes the place of what was there. Strangers
/// may make it useless, which costs the time to map an address anew and nothing else.
/// </summary>
internal sealed class AddressCache
{
    // 4096 places of 48 octets.
    private const int PlaceBits = 12;

    private const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15; // spreads what differs in a few bits

    private readonly Place[] _places = new Place[1 << PlaceBits];

    private struct Place
    {
        public Address Address;
        public Address Mapped;
    }

    public bool TryFind(in Address address, out Address mapped)
    {
        ref readonly Place place = ref _places[IndexOf(address)];
        mapped = place.Mapped;
        return place.Address == address;
    }

    /// <summary>Keeps it. An address of no family, which marks a free place, is never kept.</summary>
    public void Keep(in Address address, in Address mapped)
    {
        ref Place place = ref _places[IndexOf(address)];
        place.Address = address;
        place.Mapped = mapped;
    }

    private static int IndexOf(in Address address)
        => (int)(unchecked((address.High ^ address.Low ^ address.Low >> 32) * GoldenRatio) >> (64 - PlaceBits));
}
