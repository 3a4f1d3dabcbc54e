using System;
using Flowd.Config.Text;
using Flowd.Records;

namespace Flowd.Config.Syntax;

internal sealed partial class ValueReader
{
    private const int MostIPv4Bits = 32;
    private const int MostIPv6Bits = 128;
    private const ulong MillisecondsPerSecond = 1000;
    private const ulong MostMilliseconds = long.MaxValue;

    /// <summary>A number and a unit of time, in seconds.</summary>
    public int ReadDuration(string what, int most)
    {
        Token token = tokens.ExpectString("a time such as 5m, 1h or 30d");
        if (!Amounts.TryParse(token.Text, Amounts.Seconds, out long seconds))
            tokens.Report(token, $"\"{token.Text}\" is not a time such as 30s, 5m, 1h, 30d or 2w");
        else if (seconds < 1 || seconds > most)
            tokens.Report(token, $"{what} must be 1s to {Amounts.Print(most / 86_400 * 86_400, Amounts.Seconds)}, not {token.Text}");
        else
            return (int)seconds;
        return 1;
    }

    /// <summary>A number and a unit of octets.</summary>
    public long ReadSize()
    {
        Token token = tokens.ExpectString("a size such as 64M");
        if (Amounts.TryParse(token.Text, Amounts.Octets, out long octets) && octets > 0)
            return octets;
        tokens.Report(token, $"\"{token.Text}\" is not a size such as 500K, 64M, 20G or 1T");
        return 1;
    }

    /// <summary>A number, perhaps with a unit behind it.</summary>
    public ulong ReadScaled(NumberForm form, (char Unit, long Factor)[] units)
    {
        Token token = tokens.ExpectString("a number");
        if (Amounts.TryParse(token.Text.ToUpperInvariant(), units, out long amount) && char.IsAsciiLetter(token.Text[^1]))
            return (ulong)amount;
        TryNumber(token, token.Text, form.What, form.Least, form.Most, out ulong number);
        return number;
    }

    /// <summary>How long a flow lasts, in milliseconds: a number and ms or a unit of time; seconds where there is none.</summary>
    public ulong ReadFlowDuration()
    {
        Token token = tokens.ExpectString("a time such as 10s or 500ms");
        bool isFine = token.Text.EndsWith("ms", StringComparison.Ordinal);
        string text = isFine ? token.Text[..^2] : token.Text;
        ulong factor = isFine ? 1 : MillisecondsPerSecond;
        if (NumberText.TryParse(text, out ulong number) && number <= MostMilliseconds / factor)
            return number * factor;
        if (!isFine && Amounts.TryParse(text, Amounts.Seconds, out long seconds) && (ulong)seconds <= MostMilliseconds / factor)
            return (ulong)seconds * factor;
        tokens.Report(token, $"\"{token.Text}\" is not a time such as 500ms, 30s, 5m or 1h");
        return 0;
    }

    /// <summary>A name that <c>store</c> knows.</summary>
    public LogFields ReadStoreField()
    {
        bool isReserved = tokens.Current.Kind == TokenKind.Keyword && StoreFields.TryFind(tokens.Current.Text, out _); // all, tag
        Token name = isReserved ? tokens.Take() : tokens.ExpectString("a store field");
        if (!StoreFields.TryFind(name.Text, out LogFields fields))
            tokens.Report(name, $"\"{name.Text}\" is not a store field");
        return fields;
    }

    /// <summary>cryptopan "KEYFILE", or truncate BITS [BITS].</summary>
    public Anonymization ReadAnonymization()
    {
        if (tokens.Accept(TokenKind.Word, "cryptopan"))
            return new Anonymization(AnonymizeMethod.CryptoPan, ReadFile("a key"));
        if (!tokens.Accept(TokenKind.Word, "truncate"))
            tokens.Fail("\"cryptopan\" or \"truncate\"");
        int four = (int)ReadNumber("bits of IPv4 addresses", 0, MostIPv4Bits);
        bool hasMore = tokens.Current.Kind == TokenKind.Word && char.IsAsciiDigit(tokens.Current.Text[0]);
        var truncation = new Anonymization(AnonymizeMethod.Truncate, null, four);
        return hasMore ? truncation with { IPv6Bits = (int)ReadNumber("bits of IPv6 addresses", 0, MostIPv6Bits) } : truncation;
    }

    /// <summary>The absolute path of a file that is <paramref name="what"/>; other words may follow.</summary>
    public string ReadFile(string what)
    {
        Token path = tokens.ExpectQuoted($"the path of {what} in quotes");
        if (!path.Text.StartsWith('/') || path.Text.Length > 4095)
            tokens.Report(path, $"the path of {what} must begin with \"/\"");
        return path.Text;
    }
}
