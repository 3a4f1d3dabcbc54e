using System;
using System.Buffers;
using System.Text;
using Flowd.Config.Text;
using Flowd.Records;

namespace Flowd.Config.Syntax;

internal sealed partial class ValueReader
{
    /// <summary>IFNAMSIZ of Linux, without the zero at the end.</summary>
    private const int LongestInterfaceName = 15;

    private const int LongestTableName = 31;

    // What the kernel does not allow in a name, and what would be hard to quote.
    private static readonly SearchValues<char> NotInInterfaceNames = SearchValues.Create("/: \t\"'%[]\\");

    public Prefix ReadPrefixOrAny() => tokens.AcceptKeyword("any") ? Prefix.Any : ReadPrefix();

    /// <summary>An address or ADDRESS/LENGTH, also both in one pair of quotes.</summary>
    public Prefix ReadPrefix()
    {
        Token token = tokens.ExpectString("an address");
        int slash = token.Text.IndexOf('/', StringComparison.Ordinal);
        Token addressToken = slash < 0 ? token : token with { Text = token.Text[..slash] };
        Token? lengthToken = slash >= 0 ? token with { Text = token.Text[(slash + 1)..] }
            : tokens.AcceptPunctuation("/") ? tokens.ExpectString("a prefix length")
            : null;
        if (!TryAddress(addressToken, out Address address))
            return default;

        ulong length = (ulong)address.Bits;
        if (lengthToken is { } written && !TryNumber(written, written.Text, "the prefix length", 0, length, out length))
            return default;
        var prefix = new Prefix(address, (byte)length);
        if (!prefix.HasNoHostBits)
            tokens.Report(token, $"{prefix} has bits set behind its first {length}");
        return prefix;
    }

    /// <summary>What stands behind the &lt; of a table's name, with the &gt;.</summary>
    public Token ReadTableName()
    {
        Token first = tokens.Current;
        var name = new StringBuilder();
        while (tokens.Current.Kind is TokenKind.Word or TokenKind.Keyword || tokens.Current.Is(TokenKind.Punctuation, "-"))
            name.Append(tokens.Take().Text);
        if (name.Length == 0)
            tokens.Fail("the name of a table");
        tokens.ExpectPunctuation(">");
        Token whole = first with { Text = name.ToString() };
        if (whole.Text.Length > LongestTableName || whole.Text.AsSpan().ContainsAnyExcept(Words.TableName))
            tokens.Report(whole, $"\"{whole.Text}\" cannot name a table: 1 to {LongestTableName} letters, digits, \"_\" and \"-\" can");
        return whole;
    }

    /// <summary>ADDRESS:PORT, the address in brackets if it has colons; with %ZONE for IPv6.</summary>
    public (Address Address, string? Zone, ushort Port) ReadEndpoint()
    {
        Token token = tokens.ExpectString("ADDRESS:PORT");
        int colon = token.Text.LastIndexOf(':');
        if (colon < 0)
        {
            tokens.Report(token, $"\"{token.Text}\" has no port; expected ADDRESS:PORT");
            return default;
        }

        (Address address, string? zone) = SplitZone(token, token.Text[..colon]);
        if (zone is not null && address.Family == AddressFamily.IPv4)
            tokens.Report(token, "an IPv4 address has no zone");
        if (tokens.StatementHasErrors)
            return default; // once is enough
        TryNumber(token, token.Text[(colon + 1)..], "a port", LowestPort, ushort.MaxValue, out ulong port);
        return (address, zone, (ushort)port);
    }

    /// <summary>A multicast address with its interface: GROUP%INTERFACE or GROUP <c>on</c> INTERFACE.</summary>
    public JoinGroup ReadGroup()
    {
        Token token = tokens.ExpectString("a multicast address");
        (Address group, string? name) = SplitZone(token, token.Text);
        if (!IsMulticast(group))
            tokens.Report(token, $"{group} is not a multicast address");
        Token on = tokens.Current;
        if (!tokens.AcceptKeyword("on"))
            return new JoinGroup(group, name);

        if (name is not null)
            tokens.Report(on, "the interface is given twice");
        Token nameToken = tokens.ExpectString("an interface");
        CheckInterfaceName(nameToken, nameToken.Text);
        return new JoinGroup(group, nameToken.Text);
    }

    private (Address Address, string? Zone) SplitZone(Token token, string text)
    {
        string inner = WithoutBrackets(text);
        int percent = inner.IndexOf('%', StringComparison.Ordinal);
        string? zone = percent < 0 ? null : inner[(percent + 1)..];
        if (zone is not null)
            CheckInterfaceName(token, zone);
        TryAddress(token with { Text = percent < 0 ? inner : inner[..percent] }, out Address address);
        return (address, zone);
    }

    private void CheckInterfaceName(Token at, string name)
    {
        if (name.Length is 0 or > LongestInterfaceName || name.AsSpan().ContainsAny(NotInInterfaceNames))
            tokens.Report(at, $"\"{name}\" is not the name of an interface");
    }

    private bool TryAddress(Token token, out Address address)
    {
        if (AddressText.TryParse(WithoutBrackets(token.Text), out address))
            return true;
        bool hasZone = token.Text.Contains('%', StringComparison.Ordinal);
        tokens.Report(token, $"\"{token.Text}\" is not an address{(hasZone ? ": a zone cannot stand here" : "")}");
        return false;
    }

    private static string WithoutBrackets(string text) => text is ['[', .., ']'] ? text[1..^1] : text;

    // 224.0.0.0/4 (RFC 5771) and ff00::/8 (RFC 4291). What is no address has been reported.
    private static bool IsMulticast(Address address) => address.Family switch
    {
        AddressFamily.IPv4 => address.Low >> 28 == 0xE,
        AddressFamily.IPv6 => address.High >> 56 == 0xFF,
        _ => true,
    };
}
