using Flowd.Records;

namespace Flowd.Filter.Walk;

/// <summary>
/// A compiled clause about an address: family and masked bits are those of the network. An address of another family, or none, is not in it;
/// family None stands for "any".
/// </summary>
internal readonly record struct AddressTest
{
    private readonly AddressField _field;
    private readonly AddressFamily _family;
    private readonly ulong _maskHigh;
    private readonly ulong _maskLow;
    private readonly ulong _high;
    private readonly ulong _low;

    public AddressTest(AddressField field, bool negated, Prefix network)
    {
        _field = field;
        Negated = negated;
        _family = network.Address.Family;
        int leading = _family == AddressFamily.IPv4 ? network.Length + 96 : network.Length; // IPv4 sits in the last 32 of 128 bits
        _maskHigh = LeadingOnes(leading);
        _maskLow = LeadingOnes(leading - 64);
        _high = network.Address.High & _maskHigh;
        _low = network.Address.Low & _maskLow;
    }

    public bool Holds(in FlowRecord record)
    {
        ref readonly Address address = ref ConditionEvaluator.AddressOf(in record, _field);
        bool contains = (address.Family == _family && (address.High & _maskHigh) == _high && (address.Low & _maskLow) == _low)
            || _family == AddressFamily.None;
        return contains != Negated;
    }

    public bool Negated { get; }

    private static ulong LeadingOnes(int count) => count <= 0 ? 0 : count >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - count);
}
