using System;

namespace Flowd.Records;

/// <summary>How the value of an information element is to be read: its abstract data type (RFC 7012 section 3.1), as far as it makes a difference.</summary>
public enum ElementType : byte
{
    /// <summary>Octets of which nothing is known.</summary>
    Octets,
    Unsigned,
    Signed,
    Float,
    Boolean,
    Mac,
    Text,
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
    IPv4,
    IPv6,

    /// <summary>Structured data (RFC 6313).</summary>
    List,
}

/// <summary>An information element by its number.</summary>
public sealed record InformationElement(ushort Id, string Name, ElementType Type);

/// <summary>Names and types of all information elements in IANA's registry. NetFlow v9 field types share the numbers.</summary>
public static class InformationElements
{
    private static readonly InformationElement?[] ById = Index();

    /// <summary>The element with that number; null if there is none, or it is of an enterprise.</summary>
    public static InformationElement? Find(uint enterprise, ushort id) => enterprise == 0 && id < ById.Length ? ById[id] : null;

    /// <summary>The element of that name, in whatever case.</summary>
    public static InformationElement? Find(string name) => Array.Find(IanaElements.Rows, row => row.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static InformationElement?[] Index()
    {
        var byId = new InformationElement?[IanaElements.Rows[^1].Id + 1];
        foreach (InformationElement row in IanaElements.Rows)
            byId[row.Id] = row;
        return byId;
    }
}
