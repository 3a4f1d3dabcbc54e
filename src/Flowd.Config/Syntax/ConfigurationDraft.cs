using System;
using System.Collections.Generic;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Config.Syntax;

/// <summary>A configuration while its text is being read.</summary>
internal sealed class ConfigurationDraft
{
    public List<ListenOn> ListenOn { get; } = [];

    public List<Prefix> FlowSources { get; } = [];

    public List<JoinGroup> JoinGroups { get; } = [];

    public List<ForwardTo> ForwardTo { get; } = [];

    public List<FilterRule> Rules { get; } = [];

    public List<PrefixTable> Tables { get; } = [];

    /// <summary>The names of those that something asks for.</summary>
    public HashSet<string> UsedTables { get; } = new(StringComparer.Ordinal);

    /// <summary>What <c>tag</c> lines call tags.</summary>
    public Dictionary<string, uint> TagNames { get; } = new(StringComparer.Ordinal);

    public List<LogFile> LogFiles { get; } = [];

    public SyncPolicy Sync { get; set; }

    public bool FlushesAlways { get; set; }

    public long BufferOctets { get; set; }

    public bool DropsOldest { get; set; }

    public LogSocket? LogSocket { get; set; }

    public string? PidFile { get; set; }

    public string? StateFile { get; set; }

    public string? User { get; set; }

    public bool RequiresSandbox { get; set; }

    public List<MetricsOn> Metrics { get; } = [];

    public int Workers { get; set; } = 1;

    public LogFields Store { get; set; }

    public ConfiguredLimits Limits { get; set; } = new();

    public List<ConfiguredSampling> SamplingRates { get; } = [];

    public Configuration Finish() => new()
    {
        ListenOn = [.. ListenOn],
        FlowSources = [.. FlowSources],
        JoinGroups = [.. JoinGroups],
        ForwardTo = [.. ForwardTo],
        LogFiles = [.. LogFiles],
        Sync = Sync,
        FlushesAlways = FlushesAlways,
        BufferOctets = BufferOctets,
        DropsOldest = DropsOldest,
        LogSocket = LogSocket,
        PidFile = PidFile,
        StateFile = StateFile,
        User = User,
        RequiresSandbox = RequiresSandbox,
        Metrics = [.. Metrics],
        Workers = Workers,
        Store = Store,
        Tables = [.. Tables],
        Rules = [.. Rules],
        Limits = Limits,
        SamplingRates = [.. SamplingRates],
    };
}
