using System;
using System.Globalization;

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

    /// <summary>IANA's name, or "e9id12235" for number 12235 of enterprise 9.</summary>
    public static string NameOf(uint enterprise, ushort id)
        => Find(enterprise, id)?.Name ?? string.Create(CultureInfo.InvariantCulture, $"e{enterprise}id{id}");

    /// <summary>The number of an element by a name that <see cref="NameOf"/> gives, in whatever case.</summary>
    public static bool TryFind(string name, out uint enterprise, out ushort id)
    {
        (enterprise, id) = (0, 0);
        if (Find(name) is { } element)
        {
            id = element.Id;
            return true;
        }

        int middle = name.IndexOf("id", StringComparison.OrdinalIgnoreCase);
        return middle > 1 && (name[0] is 'e' or 'E')
            && uint.TryParse(name.AsSpan(1, middle - 1), NumberStyles.None, CultureInfo.InvariantCulture, out enterprise)
            && ushort.TryParse(name.AsSpan(middle + 2), NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }

    private static InformationElement?[] Index()
    {
        var byId = new InformationElement?[IanaElements.Rows[^1].Id + 1];
        foreach (InformationElement row in IanaElements.Rows)
            byId[row.Id] = row;
        return byId;
    }
}
