using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Flowd.Config;
using Flowd.Filter;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Reader;

/// <summary>The rule file of -f: which records are kept, how they are tagged, and which sections are printed and written.</summary>
internal sealed class ReaderFilter
{
    private readonly Configuration _configuration;
    private readonly FilterProgram _program;

    private ReaderFilter(Configuration configuration)
    {
        _configuration = configuration;
        Stored = configuration.Store == LogFields.None ? LogFields.Everything : configuration.Store;
        Reads = FilterFields.ReadBy(configuration.Rules);
        _program = FilterProgram.Compile(configuration.Rules, TimeZoneInfo.Local);
    }

    /// <summary>What the store lines name; everything if there is none.</summary>
    public LogFields Stored { get; }

    /// <summary>Which sections the rules look at.</summary>
    public LogFields Reads { get; }

    /// <summary>Reads a rule file; null, and messages, if it cannot be read or is wrong.</summary>
    public static ReaderFilter? Load(string path, Options options, Messages messages)
    {
        string text;
        try
        {
            text = File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            messages.Error(path, e);
            return null;
        }

        ParseResult result = ConfigParser.Parse(text, path, new Dictionary<string, string>(), ConfigScope.Filter, ReadFile);
        foreach (Diagnostic diagnostic in result.Diagnostics)
            messages.Line(diagnostic.ToString());
        if (result.Configuration is not { } configuration)
            return null;

        var filter = new ReaderFilter(configuration);
        if (options.Debug)
            filter.PrintRules(messages);
        return filter;
    }

    private static ConfigurationFile ReadFile(string path, int most)
    {
        try
        {
            return new FileInfo(path).Length > most
                ? new ConfigurationFile(null, $"longer than {most} octets")
                : new ConfigurationFile(File.ReadAllBytes(path));
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            return new ConfigurationFile(null, SystemError.Describe(path, e));
        }
    }

    /// <summary>False if the rules discard the record; it is tagged if they say so.</summary>
    public bool Accepts(ref FlowRecord record, ReadOnlySpan<byte> other)
    {
        Verdict verdict = _program.Evaluate(in record, other);
        if (verdict.Action == FilterAction.Discard)
            return false;
        Tag(in verdict, ref record);
        return true;
    }

    /// <summary>The same for records that are not decoded: a bit for each that is not discarded, of those that are asked about. False, and nothing is done, if the rules must see decoded ones.</summary>
    public bool TryAccept(in BatchRun run, ulong among, out ulong accepted) => _program.TryEvaluate(run.Layout, run.Octets, among, out accepted);

    /// <summary>Tags one of those records, the first being 0, if the rules say so.</summary>
    public void Tag(int number, ref FlowRecord record) => Tag(_program.VerdictOf(number), ref record);

    private static void Tag(in Verdict verdict, ref FlowRecord record)
    {
        if (!verdict.Tagged)
            return;
        record.Tag = verdict.Tag;
        record.Fields |= LogFields.Tag;
    }

    /// <summary>The same for another thread, with counters of its own.</summary>
    public ReaderFilter Fork() => new(_configuration);

    /// <summary>Adds what another thread has counted.</summary>
    public void AddCounters(ReaderFilter fork) => _program.AddCounters(fork._program);

    /// <summary>How often each rule was evaluated, matched and decided.</summary>
    public void PrintCounters(Messages messages)
    {
        for (int i = 0; i < _program.Rules.Count; i++)
        {
            RuleCounters counters = _program.CountersOf(i);
            messages.Line($"{RulePrinter.Print(_program.Rules[i])} # evaluations {counters.Evaluations} matches {counters.Matches} wins {counters.Wins}");
        }
    }

    private void PrintRules(Messages messages)
    {
        messages.Line($"store {Stored}");
        foreach (FilterRule rule in _program.Rules)
            messages.Line(RulePrinter.Print(rule));
    }
}
