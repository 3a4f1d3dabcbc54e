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
    public string? LogFile { get; init; }
    public LogSocket? LogSocket { get; init; }

    /// <summary>Null: the default path.</summary>
    public string? PidFile { get; init; }

    /// <summary>Where the state of exporters is kept over a restart: a path, <see cref="NoStateFile"/>, or null for the default path.</summary>
    public string? StateFile { get; init; }

    /// <summary>Whom the worker becomes; null: the default user.</summary>
    public string? User { get; init; }

    /// <summary>flowd rather ends than run without any part of the sandbox.</summary>
    public bool RequiresSandbox { get; init; }
    public MetricsOn[] Metrics { get; init; } = [];

    /// <summary>None if there is no <c>store</c> line.</summary>
    public LogFields Store { get; init; }
    public IReadOnlyList<FilterRule> Rules { get; init; } = [];
    public ConfiguredLimits Limits { get; init; } = new();

    public bool Equals(Configuration? other)
        => other is not null
        && ListenOn.SequenceEqual(other.ListenOn)
        && FlowSources.SequenceEqual(other.FlowSources)
        && JoinGroups.SequenceEqual(other.JoinGroups)
        && ForwardTo.SequenceEqual(other.ForwardTo)
        && LogFile == other.LogFile
        && LogSocket == other.LogSocket
        && PidFile == other.PidFile
        && StateFile == other.StateFile
        && User == other.User
        && RequiresSandbox == other.RequiresSandbox
        && Metrics.SequenceEqual(other.Metrics)
        && Store == other.Store
        && Rules.SequenceEqual(other.Rules)
        && Limits == other.Limits;

    public override int GetHashCode()
        => HashCode.Combine(ListenOn.Length, FlowSources.Length, LogFile, LogSocket, PidFile, Store, Rules.Count, Limits);
}
