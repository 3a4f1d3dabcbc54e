using System;
using System.Globalization;

namespace Flowd.Config.Syntax;

/// <summary>Numbers in C notation: decimal, 0x hexadecimal, 0 octal; without signs and blanks.</summary>
internal static class NumberText
{
    public static bool TryParse(string text, out ulong value)
    {
        value = 0;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        if (text.StartsWith('0'))
            return TryParseOctal(text, out value);
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryParseOctal(string text, out ulong value)
    {
        value = 0;
        foreach (char c in text)
        {
            if (c is < '0' or > '7' || value >> 61 != 0)
                return false;
            value = value << 3 | (uint)(c - '0');
        }

        return true;
    }
}
