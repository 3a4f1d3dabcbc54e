namespace Flowd.Filter;

/// <summary>How each <see cref="AddressField"/> is written in rules.</summary>
public static class AddressFields
{
    // In the order of the values.
    private static readonly string[] Words = ["agent", "src", "dst", "nexthop", "bgp_nexthop", "nat src", "nat dst"];

    public static string WordsOf(AddressField field) => Words[(int)field];
}
