using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Flowd.Config.Text;
using Flowd.Records;
using Flowd.Rotation;

namespace Flowd.Config.Syntax;

/// <summary>Reads what follows <c>logfile</c>: a path, then options in any order, each once but conditions.</summary>
internal sealed class LogFileParser(TokenStream tokens, ValueReader values, ConfigurationDraft draft)
{
    /// <summary>Of a path in octets: PATH_MAX of Linux, less the zero at the end and what the name of a file in progress has more.</summary>
    private const int LongestPath = 4095;
    private const int LongestPattern = 4000;
    private const int LongestRotation = 366 * 24 * 3600;
    private const ulong HighestLevel = 19;
    private const int DefaultLevel = 3;
    private const int MostLines = 256;

    private static readonly Dictionary<string, Func<LogFileParser, LogFile, LogFile>> Options = new(StringComparer.Ordinal)
    {
        ["notes"] = static (_, line) => line with { IsOfNotes = true },
        ["rotate"] = static (parser, line) => line with { Rotation = parser.ReadRotation() },
        ["keep"] = static (parser, line) => line with { KeepSeconds = parser.ReadKeep() },
        ["max"] = static (parser, line) => line with { MaxOctets = parser.ReadMax() },
        ["compress"] = static (parser, line) => line with { ZstdLevel = parser.ReadLevel() },
        ["exec"] = static (parser, line) => line with { Exec = parser.ReadCommand() },
        ["store"] = static (parser, line) => line with { Store = parser.ReadStore() },
        ["anonymize"] = static (parser, line) => line with { Anonymize = parser.ReadAnonymization() },
    };

    private static readonly string[] Conditions = ["not", "tag", "from"];

    public void Read()
    {
        Token path = tokens.ExpectQuoted("a path in quotes");
        var line = new LogFile(path.Text);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!tokens.Current.EndsLine)
        {
            Token option = tokens.Current;
            if (IsCondition(option))
            {
                line = line with { Conditions = [.. line.Conditions, ReadCondition()] };
            }
            else if (IsOption(option))
            {
                tokens.Take();
                if (!seen.Add(option.Text))
                    tokens.Report(option, $"\"{option.Text}\" again");
                line = Options[option.Text](this, line);
            }
            else
            {
                tokens.Fail($"one of {string.Join(", ", Options.Keys.Concat(Conditions))}");
                return;
            }
        }

        Check(path, line);
        draft.LogFiles.Add(line);
    }

    private static bool IsOption(Token token) => token.Kind is TokenKind.Word or TokenKind.Keyword && Options.ContainsKey(token.Text);

    private static bool IsCondition(Token token) => token.Kind is TokenKind.Word or TokenKind.Keyword && Array.IndexOf(Conditions, token.Text) >= 0;

    private RotationInterval ReadRotation()
    {
        int seconds = values.ReadDuration("rotate", LongestRotation);
        return new RotationInterval(seconds, tokens.Accept(TokenKind.Word, "align"));
    }

    private int ReadKeep() => values.ReadDuration("keep", int.MaxValue);

    private long ReadMax() => values.ReadSize();

    private Anonymization ReadAnonymization() => values.ReadAnonymization();

    private int ReadLevel()
    {
        if (!tokens.Accept(TokenKind.Word, "zstd"))
            tokens.Fail("\"zstd\"");
        bool hasLevel = tokens.Current.Kind == TokenKind.Word && char.IsAsciiDigit(tokens.Current.Text[0]);
        return hasLevel ? (int)values.ReadNumber("the level", 1, HighestLevel) : DefaultLevel;
    }

    private string ReadCommand()
    {
        Token command = tokens.ExpectQuoted("a command in quotes");
        if (command.Text.Length == 0 || Encoding.UTF8.GetByteCount(command.Text) > LongestPath)
            tokens.Report(command, $"the command must have 1 to {LongestPath} octets");
        return command.Text;
    }

    private LogFields ReadStore()
    {
        LogFields fields = LogFields.None;
        do
            fields |= values.ReadStoreField();
        while (tokens.AcceptPunctuation(","));
        return fields;
    }

    private LogCondition ReadCondition()
    {
        bool isNegated = tokens.Accept(TokenKind.Word, "not");
        if (tokens.Accept(TokenKind.Word, "from"))
            return new LogCondition(isNegated, [], values.ReadPrefixOrAny());
        tokens.ExpectKeyword("tag");
        return new LogCondition(isNegated, values.ReadTags(), null);
    }

    private void Check(Token path, LogFile line)
    {
        int octets = Encoding.UTF8.GetByteCount(line.Pattern);
        int longest = line.Rotation is null ? LongestPath : LongestPattern;
        if (octets == 0)
            tokens.Report(path, "the path is empty");
        else if (octets > longest)
            tokens.Report(path, $"the path has {octets} octets; the most is {longest}");
        else if (LogPattern.TryParse(line.Pattern, line.Rotation is not null, out string error) is not { } pattern)
            tokens.Report(path, error);
        else if (line.Rotation is { } rotation && !pattern.Tells(rotation))
            tokens.Report(path, "files that follow each other would have the same name: it needs fields for the time, such as %Y%m%d-%H%M%S");
        if (line.Rotation is null && (line.KeepSeconds ?? line.MaxOctets) is not null)
            tokens.Report(path, "\"keep\" and \"max\" are for logs that rotate");
        if (line.Rotation is null && line.Exec is not null)
            tokens.Report(path, "\"exec\" is for logs that rotate");
        if (line.IsOfNotes && (line.ZstdLevel is not null || line.Store != LogFields.None || line.Anonymize is not null || Array.Exists(line.Conditions, condition => condition.From is null)))
            tokens.Report(path, "\"notes\" is no log of flows: there is nothing to compress, store, anonymize or tag");
        if (octets > 0 && draft.LogFiles.Exists(other => other.Pattern == line.Pattern))
            tokens.Report(path, $"two lines name {path}");
        if (draft.LogFiles.Count == MostLines)
            tokens.Report(path, $"there are more than {MostLines} logs");
    }
}
