using System.Globalization;

namespace Flowd.Records;

/// <summary>MAC addresses as text: six octets in hexadecimal, with colons between them.</summary>
public static class MacText
{
    private const int Octets = 6;

    /// <summary>The address in the low 48 bits.</summary>
    public static string Of(ulong mac)
    {
        string digits = mac.ToString("x12", CultureInfo.InvariantCulture);
        for (int at = 10; at > 0; at -= 2)
            digits = digits.Insert(at, ":");
        return digits;
    }

    public static bool TryParse(string text, out ulong mac)
    {
        mac = 0;
        string[] parts = text.Split(':');
        foreach (string part in parts)
        {
            if (part.Length is 0 or > 2 || !byte.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte octet))
                return false;
            mac = mac << 8 & 0xFFFF_FFFF_FFFF | octet;
        }

        return parts.Length == Octets;
    }
}
