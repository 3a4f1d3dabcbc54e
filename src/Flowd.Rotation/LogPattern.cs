using System;
using System.Globalization;
using System.Text;

namespace Flowd.Rotation;

/// <summary>
/// The path of a log with fields in it: those of strftime(3) for the start of its period, %{exporter} and %{tag} for what its flows have in common.
/// </summary>
public sealed class LogPattern
{
    private const char Separator = '/';
    private const string Compressed = ".zst";

    private readonly PatternPart[] _parts;
    private readonly bool _endsCompressed;

    private LogPattern(PatternPart[] parts, bool endsCompressed)
    {
        _parts = parts;
        _endsCompressed = endsCompressed;
        BaseDirectory = FindBase();
    }

    /// <summary>What stands before the first component that has a field. Folders may be made below it, never above.</summary>
    public string BaseDirectory { get; }

    public bool HasExporter => Array.Exists(_parts, part => part.Kind == PatternPartKind.Exporter);

    public bool HasTag => Array.Exists(_parts, part => part.Kind == PatternPartKind.Tag);

    public bool HasFields => Array.Exists(_parts, part => part.Kind != PatternPartKind.Literal);

    /// <summary>Reads a pattern; without rotation only %{exporter} and %{tag} are fields. Null, and half a sentence that says why, if it is none.</summary>
    public static LogPattern? TryParse(string text, bool rotates, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool endsCompressed = text.EndsWith(Compressed, StringComparison.Ordinal);
        PatternPart[]? parts = PatternPart.Split(endsCompressed ? text[..^Compressed.Length] : text, rotates, out error);
        if (parts is null)
            return null;
        var pattern = new LogPattern(parts, endsCompressed);
        if (rotates || pattern.HasFields)
            error = pattern.Complaint(text);
        return error.Length == 0 ? pattern : null;
    }

    /// <summary>True if two periods in a row get different names.</summary>
    public bool Tells(RotationInterval rotation)
    {
        DateTimeOffset start = new(2024, 2, 26, 0, 0, 0, TimeSpan.Zero); // a Monday, with an end of month soon
        string before = Expand(start, "", null, compresses: false);
        for (int i = 1; i <= 4; i++)
        {
            string name = Expand(start.AddSeconds((double)i * rotation.Seconds), "", null, compresses: false);
            if (name == before)
                return false;
            before = name;
        }

        return true;
    }

    /// <summary>The path for a period that began at that local time. Compressed files have a name that says so.</summary>
    public string Expand(DateTimeOffset local, string exporter, uint? tag, bool compresses)
    {
        var path = new StringBuilder();
        foreach (PatternPart part in _parts)
            path.Append(part.Expand(local, exporter, tag));
        return path.Append(compresses || _endsCompressed ? Compressed : "").ToString();
    }

    /// <summary>The name of another file of the same period: with a number, in front of what says that it is compressed.</summary>
    public static string Numbered(string path, int number)
    {
        bool isCompressed = path.EndsWith(Compressed, StringComparison.Ordinal);
        string stem = isCompressed ? path[..^Compressed.Length] : path;
        return $"{stem}.{number.ToString(CultureInfo.InvariantCulture)}{(isCompressed ? Compressed : "")}";
    }

    /// <summary>True for a finished file of this pattern, of whatever period, exporter or tag, numbered and compressed or not.</summary>
    public bool Matches(string path) => Matches(path, null);

    /// <summary>The same, of the period that began at that local time only.</summary>
    public bool IsOfPeriod(string path, DateTimeOffset local) => Matches(path, local);

    private bool Matches(string path, DateTimeOffset? local)
    {
        ReadOnlySpan<char> rest = path;
        if (rest.EndsWith(Compressed, StringComparison.Ordinal))
            rest = rest[..^Compressed.Length];
        return Matches(rest, 0, local) || (WithoutNumber(rest) is { Length: > 0 } plain && Matches(plain, 0, local));
    }

    private static ReadOnlySpan<char> WithoutNumber(ReadOnlySpan<char> path)
    {
        ReadOnlySpan<char> stem = path.TrimEnd("0123456789");
        return stem.Length < path.Length && stem.EndsWith(".") ? stem[..^1] : default;
    }

    // Few parts have more than one possible length, and paths are short.
    private bool Matches(ReadOnlySpan<char> text, int part, DateTimeOffset? local)
    {
        if (part == _parts.Length)
            return text.IsEmpty;
        (int least, int most) = _parts[part].Lengths(local);
        for (int length = Math.Min(most, text.Length); length >= least; length--)
        {
            if (_parts[part].Matches(text[..length], local) && Matches(text[length..], part + 1, local))
                return true;
        }

        return false;
    }

    private string FindBase()
    {
        string before = "";
        foreach (PatternPart part in _parts)
        {
            if (part.Kind != PatternPartKind.Literal)
                break;
            before += part.Text;
        }

        int end = before.LastIndexOf(Separator);
        return end <= 0 ? "/" : before[..end];
    }

    private string Complaint(string text)
    {
        if (!text.StartsWith(Separator))
            return "the path must begin with \"/\"";
        if (text.EndsWith(Separator))
            return "the path names a folder";
        if (BaseDirectory == "/")
            return "the first folder of the path must be one without fields";
        return Array.Exists(text[1..].Split(Separator), component => component is "" or "." or "..") ? "\"//\", \".\" and \"..\" must not stand in the path" : "";
    }
}
