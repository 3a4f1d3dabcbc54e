using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Flowd.Config.Text;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Config.Syntax;

/// <summary>Reads the directives that are not rules: one method for each, found by the first word.</summary>
internal sealed class DirectiveParser(TokenStream tokens, ValueReader values, ConfigurationDraft draft, DiagnosticList diagnostics, Parser parser)
{
    /// <summary>Longest paths in octets: PATH_MAX of Linux, and sun_path of unix(7), both without the zero at the end.</summary>
    private const int LongestPath = 4095;
    private const int LongestSocketPath = 107;

    private const int LongestSyncInterval = 24 * 3600;
    private const int MostWorkers = 64;
    private const long LeastBuffer = 64 << 10;
    private const long MostBuffer = 1L << 30;

    private static readonly Dictionary<string, Action<DirectiveParser, Token>> Directives = new(StringComparer.Ordinal)
    {
        ["listen"] = static (parser, _) => parser.ReadListenOn(),
        ["flow"] = static (parser, _) => parser.ReadFlowSource(),
        ["join"] = static (parser, _) => parser.ReadJoinGroup(),
        ["forward"] = static (parser, _) => parser.ReadForwardTo(),
        ["logfile"] = static (parser, _) => parser.ReadLogFile(),
        ["sync"] = static (parser, _) => parser.ReadSync(),
        ["flush"] = static (parser, _) => parser.ReadFlush(),
        ["buffer"] = static (parser, _) => parser.ReadBuffer(),
        ["logsock"] = static (parser, keyword) => parser.ReadLogSocket(keyword),
        ["pidfile"] = static (parser, keyword) => parser.ReadPidFile(keyword),
        ["store"] = static (parser, _) => parser.ReadStore(),
        ["sampling"] = static (parser, _) => parser.ReadSamplingRate(),
        ["limit"] = static (parser, _) => parser.ReadLimit(),
        ["user"] = static (parser, keyword) => parser.ReadUser(keyword),
        ["sandbox"] = static (parser, _) => parser.ReadSandbox(),
        ["statefile"] = static (parser, keyword) => parser.ReadStateFile(keyword),
        ["metrics"] = static (parser, _) => parser.ReadMetrics(),
        ["tag"] = static (parser, _) => parser.ReadTagName(),
        ["table"] = static (parser, _) => parser.ReadTable(),
        ["include"] = static (parser, _) => parser.ReadInclude(),
        ["workers"] = static (parser, _) => parser.ReadWorkers(),
    };

    /// <summary>The first words of all directives. Those that <see cref="ReservedWords"/> does not have may also be the names of macros.</summary>
    public static IEnumerable<string> All => Directives.Keys;

    public static bool IsDirective(string keyword) => Directives.ContainsKey(keyword);

    private void ReadTagName()
    {
        Token name = tokens.ExpectString("a name");
        if (name.Text.Length == 0 || !char.IsAsciiLetter(name.Text[0]) || name.Text.AsSpan().ContainsAnyExcept(Words.TableName))
            tokens.Report(name, $"{name} cannot name a tag: a letter, then letters, digits, \"_\" and \"-\" can");
        var tag = (uint)values.ReadNumber("a tag", 0, uint.MaxValue);
        if (!draft.TagNames.TryAdd(name.Text, tag))
            tokens.Report(name, $"two lines name the tag {name}");
    }

    private void ReadTable()
    {
        tokens.ExpectPunctuation("<");
        Token name = values.ReadTableName();
        if (draft.Tables.Exists(table => table.Name == name.Text))
            tokens.Report(name, $"two lines are table <{name.Text}>");
        draft.Tables.Add(tokens.AcceptWord("file") ? ReadTableFile(name) : new PrefixTable(name.Text, null, values.ReadTableEntries()));
    }

    private PrefixTable ReadTableFile(Token name)
    {
        Token path = tokens.ExpectQuoted("the path of a file in quotes");
        (string file, PrefixSet prefixes) = tokens.StatementHasErrors ? ("", PrefixSet.Of()) : parser.ReadTable(path, path.Text);
        return new PrefixTable(name.Text, file, prefixes);
    }

    private void ReadInclude()
    {
        Token path = tokens.ExpectQuoted("the path of a file in quotes");
        if (!tokens.Current.EndsLine)
            tokens.Fail("end of line");
        if (!tokens.StatementHasErrors)
            parser.Include(path, path.Text);
    }

    /// <summary>Reads what follows the first word of a directive.</summary>
    public void Read(Token keyword) => Directives[keyword.Text](this, keyword);

    private void ReadLimit()
    {
        Token name = ReadLimitName();
        int row = Array.FindIndex(Limits.Rows, r => r.Name == name.Text);
        if (row < 0)
            tokens.FailAt(name, $"\"{name.Text}\" is not a limit; there are {string.Join(", ", Limits.Rows.Select(r => r.Name))}");
        int value = (int)values.ReadNumber("a limit", 1, row >= 0 ? Limits.Rows[row].Highest : Limits.Highest);
        if (row >= 0)
            draft.Limits = Limits.Rows[row].Set(draft.Limits, value);
    }

    /// <summary>sampling-rate RATE [for PREFIX].</summary>
    private void ReadSamplingRate()
    {
        if (!tokens.AcceptPunctuation("-") || !tokens.Accept(TokenKind.Word, "rate"))
            tokens.Fail("\"sampling-rate\"");
        var rate = (uint)values.ReadNumber("a sampling rate", 1, uint.MaxValue);
        draft.SamplingRates.Add(new ConfiguredSampling(rate, tokens.Accept(TokenKind.Word, "for") ? values.ReadPrefixOrAny() : null));
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
        Token place = tokens.Current;
        (Address address, string? zone, ushort port) = values.ReadEndpoint();
        ListenOn line = ReadTransport(new ListenOn(address, zone, port, null));
        line = line with { BufferSize = values.ReadBufferSize() };
        if (line.Transport == Transport.Udp && tokens.Accept(TokenKind.Word, "protocol"))
            line = line with { Protocol = ReadExportProtocol() };
        if (draft.ListenOn.Exists(line.ListensBeside))
            tokens.Report(place, "connections to this address are taken already");
        draft.ListenOn.Add(line);
    }

    /// <summary>[tcp | tls certificate PATH key PATH clients (PATH | any)].</summary>
    private ListenOn ReadTransport(ListenOn line)
    {
        if (tokens.Accept(TokenKind.Word, "tcp"))
            return line with { Transport = Transport.Tcp };
        if (!tokens.Accept(TokenKind.Word, "tls"))
            return line;
        tokens.ExpectWord("certificate");
        string certificate = values.ReadFile("a certificate");
        tokens.ExpectWord("key");
        string key = values.ReadFile("a key");
        tokens.ExpectWord("clients");
        string? clients = tokens.AcceptKeyword("any") ? null : values.ReadFile("certificates");
        return line with { Transport = Transport.Tls, Tls = new TlsFiles(certificate, key, clients) };
    }

    private ExportProtocol ReadExportProtocol()
    {
        Token name = tokens.ExpectString("a protocol");
        if (ExportProtocolNames.TryFind(name.Text, out ExportProtocol protocol))
            return protocol;
        tokens.Report(name, $"\"{name.Text}\" is not one of {string.Join(", ", ExportProtocolNames.All)}");
        return ExportProtocol.Any;
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
        Anonymization? anonymization = tokens.Accept(TokenKind.Word, "anonymize") ? values.ReadAnonymization() : null;
        draft.ForwardTo.Add(new ForwardTo(address, zone, port, anonymization));
    }

    private void ReadLogFile() => new LogFileParser(tokens, values, draft).Read();

    /// <summary>sync never, sync always, or sync interval TIME.</summary>
    private void ReadSync()
    {
        if (tokens.Accept(TokenKind.Word, "interval"))
            draft.Sync = new SyncPolicy(SyncMode.Interval, values.ReadDuration("the interval", LongestSyncInterval));
        else if (tokens.Accept(TokenKind.Word, "always"))
            draft.Sync = new SyncPolicy(SyncMode.Always);
        else if (tokens.Accept(TokenKind.Word, "never"))
            draft.Sync = default;
        else
            tokens.Fail("\"never\", \"interval\" or \"always\"");
    }

    private void ReadFlush()
    {
        tokens.ExpectWord("always");
        draft.FlushesAlways = true;
    }

    /// <summary>buffer SIZE, and which flows give way when it is full: drop oldest, or drop newest.</summary>
    private void ReadBuffer()
    {
        Token size = tokens.Current;
        draft.BufferOctets = values.ReadSize();
        if (draft.BufferOctets is < LeastBuffer or > MostBuffer)
            tokens.Report(size, $"buffer must be {Amounts.Print(LeastBuffer, Amounts.Octets)} to {Amounts.Print(MostBuffer, Amounts.Octets)}, not {size.Text}");
        if (!tokens.Accept(TokenKind.Word, "drop"))
            return;
        draft.DropsOldest = tokens.Accept(TokenKind.Word, "oldest");
        if (!draft.DropsOldest && !tokens.Accept(TokenKind.Word, "newest"))
            tokens.Fail("\"oldest\" or \"newest\"");
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
        draft.Store |= values.ReadStoreField();
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

    private void ReadWorkers() => draft.Workers = (int)values.ReadNumber("workers", 1, MostWorkers);

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
