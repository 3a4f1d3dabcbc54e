using Flowd.Records;

namespace Flowd.Filter;

/// <summary>Which of a record's addresses a test looks at.</summary>
internal enum AddressRole : byte
{
    Agent,
    Source,
    Destination,
}

/// <summary>A compiled clause about an address. An address of another family, or none, is not in the network.</summary>
internal readonly record struct AddressTest(AddressRole Role, bool Negated, Prefix Network)
{
    public bool Holds(in FlowRecord record) => Network.Contains(in AddressOf(in record, Role)) != Negated;

    private static ref readonly Address AddressOf(in FlowRecord record, AddressRole role)
    {
        switch (role)
        {
            case AddressRole.Agent:
                return ref record.AgentAddress;
            case AddressRole.Source:
                return ref record.SourceAddress;
            default:
                return ref record.DestinationAddress;
        }
    }
}
