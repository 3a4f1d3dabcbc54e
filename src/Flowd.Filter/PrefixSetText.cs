using System.Collections.Generic;
using System.Linq;

namespace Flowd.Filter;

/// <summary>A set of addresses as it is written: one prefix, or a list; or the table's name.</summary>
public static class PrefixSetText
{
    public static string Of(PrefixSet prefixes, string? table)
    {
        if (table is not null)
            return $"<{table}>";
        string[] texts = [.. prefixes.Prefixes().Select(prefix => prefix.ToString())];
        return texts is [var only] ? only : List(texts);
    }

    /// <summary>In braces, however many.</summary>
    public static string List(IEnumerable<string> texts) => "{ " + string.Concat(string.Join(", ", texts), " ").TrimStart() + "}";
}
