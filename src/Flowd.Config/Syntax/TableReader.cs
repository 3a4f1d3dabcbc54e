using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Config.Syntax;

/// <summary>
/// Reads the file of a table, as pf has them: prefixes and addresses with blanks or line ends between them, some perhaps behind "!"; "#" and ";" begin comments.
/// Made for millions of them: works on the octets, and copies none but those of the mistakes.
/// </summary>
internal sealed class TableReader(string path)
{
    /// <summary>One that is no table at all would have as many as it has words.</summary>
    private const int MostMistakes = 20;

    /// <summary>Longer is no prefix: an address has 46 characters at most.</summary>
    private const int LongestEntry = 64;

    private static readonly System.Buffers.SearchValues<byte> Ends = System.Buffers.SearchValues.Create(" \t\r\n#;"u8);

    private readonly List<Diagnostic> _diagnostics = [];
    private readonly PrefixSetBuilder _builder = new();
    private int _line = 1;
    private int _startOfLine;
    private bool _negated;

    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    /// <summary>All that is well in it. Columns of diagnostics count octets.</summary>
    public PrefixSet Read(ReadOnlySpan<byte> content)
    {
        int at = content.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        while (at < content.Length && _diagnostics.Count <= MostMistakes)
        {
            switch (content[at])
            {
                case (byte)'\n':
                    at++;
                    (_line, _startOfLine) = (_line + 1, at);
                    break;
                case (byte)' ' or (byte)'\t' or (byte)'\r':
                    at++;
                    break;
                case (byte)'#' or (byte)';':
                    at += LengthTo(content[at..], "\n"u8);
                    break;
                case (byte)'!' when !_negated:
                    _negated = true;
                    at++;
                    break;
                default:
                    ReadOnlySpan<byte> rest = content[at..];
                    int length = rest.IndexOfAny(Ends) is >= 0 and var end ? end : rest.Length;
                    Add(rest[..length], at);
                    at += length;
                    break;
            }
        }

        if (_negated)
            Say(content.Length, "there is no address behind the last \"!\"");
        return _builder.Build();
    }

    private static int LengthTo(ReadOnlySpan<byte> content, ReadOnlySpan<byte> end) => content.IndexOf(end) is >= 0 and var found ? found : content.Length;

    private void Add(ReadOnlySpan<byte> entry, int at)
    {
        bool negated = _negated;
        _negated = false;
        Span<char> text = stackalloc char[LongestEntry];
        if (entry.Length > LongestEntry || !TryPrefix(text[..Encoding.ASCII.GetChars(entry, text)], out Prefix prefix))
            Say(at, $"\"{Shorten(entry)}\" is not an address or a prefix");
        else if (!prefix.HasNoHostBits)
            Say(at, $"{prefix} has bits set behind its first {prefix.Length}");
        else
            _builder.Add(prefix, negated);
    }

    private static bool TryPrefix(ReadOnlySpan<char> text, out Prefix prefix)
    {
        prefix = default;
        int slash = text.IndexOf('/');
        if (!AddressText.TryParse(slash < 0 ? text : text[..slash], out Address address))
            return false;
        int length = address.Bits;
        if (slash >= 0 && !(int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= address.Bits))
            return false;
        prefix = new Prefix(address, (byte)length);
        return true;
    }

    private void Say(int at, string message)
    {
        if (_diagnostics.Count == MostMistakes)
            message = "and so on: this is no table";
        _diagnostics.Add(new Diagnostic(DiagnosticSeverity.Error, path, _line, at - _startOfLine + 1, message));
    }

    // For people, on one line.
    private static string Shorten(ReadOnlySpan<byte> entry)
    {
        var text = new StringBuilder();
        foreach (byte octet in entry[..Math.Min(entry.Length, LongestEntry)])
            text.Append(octet is > 0x20 and < 0x7F ? (char)octet : '?');
        return entry.Length > LongestEntry ? text.Append("...").ToString() : text.ToString();
    }
}
