using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Flowd.Rotation;

internal enum PatternPartKind
{
    Literal,
    Time,
    Exporter,
    Tag,
}

/// <summary>A piece of a <see cref="LogPattern"/>. Text: the literal, or the letter of the field.</summary>
internal readonly record struct PatternPart(PatternPartKind Kind, string Text)
{
    private const string NoTag = "none";
    private const string ExporterVariable = "%{exporter}";
    private const string TagVariable = "%{tag}";

    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdef.:");

    /// <summary>Of an IPv6 address as text.</summary>
    private const int LongestExporter = 45;
    private const int LongestNumber = 20;

    /// <summary>The fields of strftime(3) that make good names: letter, length (0: digits without end), text.</summary>
    private static readonly (char Letter, int Length, Func<DateTimeOffset, string> Text)[] TimeFields =
    [
        ('Y', 4, static t => Number(t.Year, 4)),
        ('y', 2, static t => Number(t.Year % 100, 2)),
        ('m', 2, static t => Number(t.Month, 2)),
        ('d', 2, static t => Number(t.Day, 2)),
        ('H', 2, static t => Number(t.Hour, 2)),
        ('M', 2, static t => Number(t.Minute, 2)),
        ('S', 2, static t => Number(t.Second, 2)),
        ('j', 3, static t => Number(t.DayOfYear, 3)),
        ('u', 1, static t => Number(t.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)t.DayOfWeek, 1)),
        ('G', 4, static t => Number(ISOWeek.GetYear(t.DateTime), 4)),
        ('V', 2, static t => Number(ISOWeek.GetWeekOfYear(t.DateTime), 2)),
        ('F', 10, static t => $"{Number(t.Year, 4)}-{Number(t.Month, 2)}-{Number(t.Day, 2)}"),
        ('z', 5, static t => $"{(t.Offset < TimeSpan.Zero ? '-' : '+')}{Number(Math.Abs(t.Offset.Hours), 2)}{Number(Math.Abs(t.Offset.Minutes), 2)}"),
        ('s', 0, static t => t.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>The pieces of a path; null, and half a sentence that says why, if it has a field that is none.</summary>
    public static PatternPart[]? Split(string text, bool rotates, out string error)
    {
        var parts = new List<PatternPart>();
        var literal = new StringBuilder();
        error = "";
        for (int i = 0; i < text.Length;)
        {
            ReadOnlySpan<char> rest = text.AsSpan(i);
            (PatternPart part, int length) = At(rest, rotates, ref error);
            if (error.Length > 0)
                return null;
            if (part.Kind == PatternPartKind.Literal)
            {
                literal.Append(part.Text);
            }
            else
            {
                AddLiteral(parts, literal);
                parts.Add(part);
            }

            i += length;
        }

        AddLiteral(parts, literal);
        return [.. parts];
    }

    public string Expand(DateTimeOffset local, string exporter, uint? tag) => Kind switch
    {
        PatternPartKind.Time => Field(Text[0]).Text(local),
        PatternPartKind.Exporter => exporter,
        PatternPartKind.Tag => tag?.ToString(CultureInfo.InvariantCulture) ?? NoTag,
        _ => Text,
    };

    /// <summary>How long what stands for it can be.</summary>
    public (int Least, int Most) Lengths(DateTimeOffset? local) => Kind switch
    {
        PatternPartKind.Exporter => (2, LongestExporter), // "::"
        PatternPartKind.Tag => (1, LongestNumber),
        PatternPartKind.Time when local is { } moment => Fixed(Field(Text[0]).Text(moment).Length),
        PatternPartKind.Time => Field(Text[0]).Length is > 0 and int length ? Fixed(length) : (1, LongestNumber),
        _ => Fixed(Text.Length),
    };

    /// <summary>True if it can stand for this text; at that time, if there is one.</summary>
    public bool Matches(ReadOnlySpan<char> text, DateTimeOffset? local) => Kind switch
    {
        PatternPartKind.Exporter => !text.ContainsAnyExcept(AddressCharacters),
        PatternPartKind.Tag => text.SequenceEqual(NoTag) || IsNumber(text),
        PatternPartKind.Time when local is { } moment => text.SequenceEqual(Field(Text[0]).Text(moment)),
        PatternPartKind.Time => Text[0] switch
        {
            'F' => text[4] == '-' && text[7] == '-' && IsNumber(text[..4]) && IsNumber(text[5..7]) && IsNumber(text[8..]),
            'z' => text[0] is '+' or '-' && IsNumber(text[1..]),
            _ => IsNumber(text),
        },
        _ => text.SequenceEqual(Text),
    };

    private static (PatternPart Part, int Length) At(ReadOnlySpan<char> rest, bool rotates, ref string error)
    {
        if (rest.StartsWith(ExporterVariable))
            return (new PatternPart(PatternPartKind.Exporter, ""), ExporterVariable.Length);
        if (rest.StartsWith(TagVariable))
            return (new PatternPart(PatternPartKind.Tag, ""), TagVariable.Length);
        if (rest[0] != '%' || (!rotates && !rest.StartsWith("%{")))
            return (new PatternPart(PatternPartKind.Literal, rest[..1].ToString()), 1);
        if (rest.StartsWith("%%"))
            return (new PatternPart(PatternPartKind.Literal, "%"), 2);
        char letter = rest.Length > 1 ? rest[1] : ' ';
        if (Array.Exists(TimeFields, field => field.Letter == letter))
            return (new PatternPart(PatternPartKind.Time, letter.ToString()), 2);
        int end = letter == '{' ? rest.IndexOf('}') + 1 : Math.Min(2, rest.Length);
        error = $"\"{rest[..(end == 0 ? rest.Length : end)]}\" is not a field of a path";
        return default;
    }

    private static void AddLiteral(List<PatternPart> parts, StringBuilder literal)
    {
        if (literal.Length > 0)
            parts.Add(new PatternPart(PatternPartKind.Literal, literal.ToString()));
        literal.Clear();
    }

    private static (char Letter, int Length, Func<DateTimeOffset, string> Text) Field(char letter) => Array.Find(TimeFields, field => field.Letter == letter);

    private static (int, int) Fixed(int length) => (length, length);

    private static bool IsNumber(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    private static string Number(int value, int digits) => value.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
}
