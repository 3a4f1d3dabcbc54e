using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Config;

/// <summary>Everything that flowd.conf(5) says, in the order it says it. Two configurations are equal if they say the same.</summary>
public sealed record Configuration
{
    /// <summary>The <see cref="StateFile"/> of who wants none.</summary>
    public const string NoStateFile = "none";

    public ListenOn[] ListenOn { get; init; } = [];

    /// <summary>Who may send datagrams; empty: anyone. "any" is one of the prefixes if it was written.</summary>
    public Prefix[] FlowSources { get; init; } = [];
    public JoinGroup[] JoinGroups { get; init; } = [];
    public ForwardTo[] ForwardTo { get; init; } = [];
    public LogFile[] LogFiles { get; init; } = [];
    public LogSocket? LogSocket { get; init; }

    /// <summary>When flowd waits for the disk to have what was written to the logs.</summary>
    public SyncPolicy Sync { get; init; }

    /// <summary>Whether records are written as soon as the sockets are drained; else they may wait for a moment, for others.</summary>
    public bool FlushesAlways { get; init; }

    /// <summary>How many octets may wait for each <c>logfile</c> line while it cannot be written; 0: the default.</summary>
    public long BufferOctets { get; init; }

    /// <summary>Whether the oldest give way when that is full; else the newest are dropped.</summary>
    public bool DropsOldest { get; init; }

    /// <summary>Null: the default path.</summary>
    public string? PidFile { get; init; }

    /// <summary>Where the state of exporters is kept over a restart: a path, <see cref="NoStateFile"/>, or null for the default path.</summary>
    public string? StateFile { get; init; }

    /// <summary>Whom the worker becomes; null: the default user.</summary>
    public string? User { get; init; }

    /// <summary>flowd rather ends than run without any part of the sandbox.</summary>
    public bool RequiresSandbox { get; init; }
    public MetricsOn[] Metrics { get; init; } = [];

    /// <summary>How many processes receive at once.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>None if there is no <c>store</c> line.</summary>
    public LogFields Store { get; init; }
    public PrefixTable[] Tables { get; init; } = [];
    public IReadOnlyList<FilterRule> Rules { get; init; } = [];
    public ConfiguredLimits Limits { get; init; } = new();
    public ConfiguredSampling[] SamplingRates { get; init; } = [];

    public bool Equals(Configuration? other)
        => other is not null
        && ListenOn.SequenceEqual(other.ListenOn)
        && FlowSources.SequenceEqual(other.FlowSources)
        && JoinGroups.SequenceEqual(other.JoinGroups)
        && ForwardTo.SequenceEqual(other.ForwardTo)
        && LogFiles.SequenceEqual(other.LogFiles)
        && Sync == other.Sync
        && FlushesAlways == other.FlushesAlways
        && BufferOctets == other.BufferOctets
        && DropsOldest == other.DropsOldest
        && LogSocket == other.LogSocket
        && PidFile == other.PidFile
        && StateFile == other.StateFile
        && User == other.User
        && RequiresSandbox == other.RequiresSandbox
        && Metrics.SequenceEqual(other.Metrics)
        && Workers == other.Workers
        && Store == other.Store
        && Tables.SequenceEqual(other.Tables)
        && Rules.SequenceEqual(other.Rules)
        && Limits == other.Limits
        && SamplingRates.SequenceEqual(other.SamplingRates);

    public override int GetHashCode()
        => HashCode.Combine(ListenOn.Length, FlowSources.Length, LogFiles.Length, LogSocket, PidFile, Store, Rules.Count, Limits);
}
