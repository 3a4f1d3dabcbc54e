using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Flowd.Config.Text;
using Flowd.Records;

namespace Flowd.Config.Syntax;

/// <summary>Reads the directives that are not rules: one method for each, found by the first word.</summary>
internal sealed class DirectiveParser(TokenStream tokens, ValueReader values, ConfigurationDraft draft, DiagnosticList diagnostics)
{
    /// <summary>Longest paths in octets: PATH_MAX of Linux, and sun_path of unix(7), both without the zero at the end.</summary>
    private const int LongestPath = 4095;
    private const int LongestSocketPath = 107;

    private static readonly Dictionary<string, Action<DirectiveParser, Token>> Directives = new(StringComparer.Ordinal)
    {
        ["listen"] = static (parser, _) => parser.ReadListenOn(),
        ["flow"] = static (parser, _) => parser.ReadFlowSource(),
        ["join"] = static (parser, _) => parser.ReadJoinGroup(),
        ["forward"] = static (parser, _) => parser.ReadForwardTo(),
        ["logfile"] = static (parser, _) => parser.ReadLogFile(),
        ["logsock"] = static (parser, keyword) => parser.ReadLogSocket(keyword),
        ["pidfile"] = static (parser, keyword) => parser.ReadPidFile(keyword),
        ["store"] = static (parser, _) => parser.ReadStore(),
        ["limit"] = static (parser, _) => parser.ReadLimit(),
        ["user"] = static (parser, keyword) => parser.ReadUser(keyword),
        ["sandbox"] = static (parser, _) => parser.ReadSandbox(),
        ["statefile"] = static (parser, keyword) => parser.ReadStateFile(keyword),
        ["metrics"] = static (parser, _) => parser.ReadMetrics(),
    };

    /// <summary>The first words of all directives. Those that <see cref="ReservedWords"/> does not have may also be the names of macros.</summary>
    public static IEnumerable<string> All => Directives.Keys;

    public static bool IsDirective(string keyword) => Directives.ContainsKey(keyword);

    /// <summary>Reads what follows the first word of a directive.</summary>
    public void Read(Token keyword) => Directives[keyword.Text](this, keyword);

    private void ReadLimit()
    {
        Token name = ReadLimitName();
        int row = Array.FindIndex(Limits.Rows, r => r.Name == name.Text);
        if (row < 0)
            tokens.FailAt(name, $"\"{name.Text}\" is not a limit; there are {string.Join(", ", Limits.Rows.Select(r => r.Name))}");
        int value = (int)values.ReadNumber("a limit", 1, Limits.Highest);
        if (row >= 0)
            draft.Limits = Limits.Rows[row].Set(draft.Limits, value);
    }

    private Token ReadLimitName()
    {
        Token first = tokens.ExpectString("the name of a limit");
        var name = new StringBuilder(first.Text);
        while (tokens.AcceptPunctuation("-"))
            name.Append('-').Append(tokens.ExpectString("the name of a limit").Text);
        return first with { Text = name.ToString() };
    }

    private void ReadListenOn()
    {
        tokens.ExpectKeyword("on");
        (Address address, string? zone, ushort port) = values.ReadEndpoint();
        draft.ListenOn.Add(new ListenOn(address, zone, port, values.ReadBufferSize()));
    }

    private void ReadFlowSource()
    {
        tokens.ExpectKeyword("source");
        draft.FlowSources.Add(values.ReadPrefixOrAny());
    }

    private void ReadJoinGroup()
    {
        tokens.ExpectKeyword("group");
        draft.JoinGroups.Add(values.ReadGroup());
    }

    private void ReadForwardTo()
    {
        tokens.ExpectKeyword("to");
        (Address address, string? zone, ushort port) = values.ReadEndpoint();
        draft.ForwardTo.Add(new ForwardTo(address, zone, port));
    }

    private void ReadLogFile()
    {
        draft.LogFiles.Add(new LogFile(ReadPath(LongestPath)));
    }

    private void ReadLogSocket(Token keyword)
    {
        WarnIfSet(draft.LogSocket?.Path, keyword);
        string path = ReadPath(LongestSocketPath);
        draft.LogSocket = new LogSocket(path, values.ReadBufferSize());
    }

    private void ReadPidFile(Token keyword)
    {
        WarnIfSet(draft.PidFile, keyword);
        draft.PidFile = ReadPath(LongestPath);
    }

    private void ReadStore()
    {
        bool isReserved = tokens.Current.Kind == TokenKind.Keyword && StoreFields.TryFind(tokens.Current.Text, out _); // all, tag
        Token name = isReserved ? tokens.Take() : tokens.ExpectString("a store field");
        if (StoreFields.TryFind(name.Text, out LogFields fields))
            draft.Store |= fields;
        else
            tokens.Report(name, $"\"{name.Text}\" is not a store field");
    }

    private void ReadUser(Token keyword)
    {
        WarnIfSet(draft.User, keyword);
        Token name = tokens.ExpectString("the name of a user");
        if (name.Text.AsSpan().ContainsAnyExcept(Words.UserName))
            tokens.Report(name, $"{name} is not the name of a user");
        draft.User = name.Text;
    }

    private void ReadSandbox()
    {
        if (tokens.Accept(TokenKind.Word, "required"))
            draft.RequiresSandbox = true;
        else
            tokens.Fail("\"required\"");
    }

    private void ReadStateFile(Token keyword)
    {
        WarnIfSet(draft.StateFile, keyword);
        draft.StateFile = tokens.Accept(TokenKind.Word, Configuration.NoStateFile) ? Configuration.NoStateFile : ReadAbsolutePath(LongestPath);
    }

    /// <summary>metrics on ADDRESS:PORT, or on a path: what begins with a slash is one.</summary>
    private void ReadMetrics()
    {
        tokens.ExpectKeyword("on");
        if (tokens.Current.Text.StartsWith('/'))
        {
            draft.Metrics.Add(new MetricsOn(ReadPath(LongestSocketPath)));
            return;
        }

        (Address address, string? zone, ushort port) = values.ReadEndpoint();
        draft.Metrics.Add(new MetricsOn(address, zone, port));
    }

    private string ReadAbsolutePath(int longest)
    {
        Token at = tokens.Current;
        string path = ReadPath(longest);
        if (!path.StartsWith('/'))
            tokens.Report(at, "the path must begin with \"/\"");
        return path;
    }

    private string ReadPath(int longest)
    {
        Token path = tokens.ExpectStrings("a path in quotes");
        int length = Encoding.UTF8.GetByteCount(path.Text);
        if (length == 0)
            tokens.Report(path, "the path is empty");
        else if (length > longest)
            tokens.Report(path, $"the path has {length} octets; the most is {longest}");
        return path.Text;
    }

    private void WarnIfSet(string? path, Token keyword)
    {
        if (!string.IsNullOrEmpty(path))
            diagnostics.Warning(keyword.Offset, $"\"{keyword.Text}\" again: only the last one counts");
    }
}
