using System;
using System.Buffers;
using System.Text;

namespace Flowd.Config.Text;

/// <summary>Which characters make a word, and how to write any string so that it is read as that string.</summary>
internal static class Words
{
    private const string LettersAndDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    public static readonly SearchValues<char> Starts = SearchValues.Create(LettersAndDigits + "[:_*");

    /// <summary>Letters, digits, and all punctuation of ASCII but <c>( ) { } &lt; &gt; ! = / # , -</c>.</summary>
    public static readonly SearchValues<char> Continues = SearchValues.Create(LettersAndDigits + "\"$%&'*+.:;?@[\\]^_`|~");

    public static readonly SearchValues<char> MacroName = SearchValues.Create(LettersAndDigits + "_");

    public static readonly SearchValues<char> TableName = SearchValues.Create(LettersAndDigits + "_-");

    /// <summary>Of the names that useradd(8) allows, and systemd.</summary>
    public static readonly SearchValues<char> UserName = SearchValues.Create(LettersAndDigits + "_-.");

    /// <summary>
    /// The string bare if it is a word, else in quotes that do not occur in it. One with quotes of both kinds is written as several
    /// strings, cut at blanks, which reading joins again.
    /// </summary>
    public static string Write(string text) => Write(text, WritePiece);

    /// <summary>The same, always in quotes: where other words may follow, only those are joined.</summary>
    public static string Quote(string text) => Write(text, QuotePiece);

    private static string Write(string text, Func<string, string> writePiece)
    {
        var written = new StringBuilder();
        while (true)
        {
            int length = LengthOfPiece(text);
            written.Append(writePiece(text[..length]));
            if (length == text.Length)
                return written.ToString();
            written.Append(' ');
            text = text[(length + 1)..];
        }
    }

    /// <summary>True if <paramref name="text"/> can stand without quotes.</summary>
    public static bool IsWord(string text)
        => text.Length > 0 && Starts.Contains(text[0]) && text.AsSpan().IndexOfAnyExcept(Continues) < 0
        && text[^1] != '\\' && !ReservedWords.Contains(text);

    // The longest beginning, up to the end or to a blank, that one pair of quotes can hold; else the first word.
    private static int LengthOfPiece(string text)
    {
        for (int end = text.Length; end > 0; end = text.LastIndexOf(' ', end - 1))
        {
            if (!text.AsSpan(0, end).Contains('"') || !text.AsSpan(0, end).Contains('\''))
                return end;
        }

        int blank = text.IndexOf(' ');
        return blank < 0 ? text.Length : blank;
    }

    private static string WritePiece(string text) => IsWord(text) ? text : QuotePiece(text);

    // A piece with quotes of both kinds came without any around it, as the first word that it is.
    private static string QuotePiece(string text)
    {
        if (text.Contains('"') && text.Contains('\''))
            return text;
        char quote = text.Contains('"') ? '\'' : '"';
        return quote + text + quote;
    }
}
