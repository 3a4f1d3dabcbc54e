using System;
using System.Linq;
using Flowd.Records;
using Flowd.Rotation;

namespace Flowd.Config;

/// <summary>One <c>logfile</c> line: where flows are appended, which, and what becomes of the files.</summary>
/// <param name="Pattern">The path, in which %{exporter}, %{tag} and, if it rotates, the fields of strftime(3) are replaced.</param>
public sealed record LogFile(string Pattern)
{
    /// <summary>Null: one file for ever, until somebody else moves it.</summary>
    public RotationInterval? Rotation { get; init; }

    /// <summary>After how many seconds finished files are deleted; null: never.</summary>
    public int? KeepSeconds { get; init; }

    /// <summary>How many octets all files of the line may have; null: any number.</summary>
    public long? MaxOctets { get; init; }

    /// <summary>The level of compression, 1 to 19; null: none.</summary>
    public int? ZstdLevel { get; init; }

    /// <summary>A command that is run for each finished file.</summary>
    public string? Exec { get; init; }

    /// <summary>It takes no flows but what exporters tell beside them, as lines of JSON.</summary>
    public bool IsOfNotes { get; init; }

    /// <summary>None: what the <c>store</c> lines say.</summary>
    public LogFields Store { get; init; }

    /// <summary>A flow is stored if all of them hold.</summary>
    public LogCondition[] Conditions { get; init; } = [];

    public Anonymization? Anonymize { get; init; }

    public bool Equals(LogFile? other)
        => other is not null
        && Pattern == other.Pattern
        && Rotation == other.Rotation
        && KeepSeconds == other.KeepSeconds
        && MaxOctets == other.MaxOctets
        && ZstdLevel == other.ZstdLevel
        && Exec == other.Exec
        && IsOfNotes == other.IsOfNotes
        && Store == other.Store
        && Conditions.SequenceEqual(other.Conditions)
        && Anonymize == other.Anonymize;

    public override int GetHashCode() => HashCode.Combine(Pattern, Rotation, KeepSeconds, MaxOctets, ZstdLevel, Exec, Store, Conditions.Length);
}
