using System;
using System.Globalization;
using Flowd.Anonymize;
using Flowd.Config;
using Flowd.Records;
using Flowd.Rotation;
using Flowd.Store;

namespace Flowd.Worker.Logs;

/// <summary>A `logfile` line as the worker uses it: which flows it wants, in which file of its own each goes, and when that changes.</summary>
public sealed class LogLine
{
    /// <summary>How long before its time the next file is opened, at most.</summary>
    private const int LongestLead = 10;

    private const int CheapLevel = 1;

    private const long MillisecondsBetweenFlushes = 100;

    /// <summary>What is still in the processor's cache when it is written.</summary>
    private const int OctetsOfWrite = 256 << 10;

    /// <summary>Each flush is a frame, and the longer the better.</summary>
    private const long MillisecondsBetweenFrames = 1000;
    private const int OctetsOfFrame = 1 << 20;

    private readonly LogFile _line;
    private readonly bool _hasExporter;
    private readonly bool _hasTag;

    /// <param name="configuration">What holds for all logs.</param>
    /// <param name="number">Which of its lines, from 0.</param>
    /// <param name="anonymizer">How its `anonymize` changes addresses; null if it has none.</param>
    public LogLine(Configuration configuration, int number, AddressAnonymizer? anonymizer)
    {
        Anonymizer = anonymizer;
        _line = configuration.LogFiles[number];
        Number = number;
        Sync = configuration.Sync;
        Fields = _line.Store == LogFields.None ? Policy.StoredBy(configuration) : _line.Store;
        FlushesAlways = configuration.FlushesAlways;
        DropsOldest = configuration.DropsOldest;
        Budget = new BufferBudget(configuration.BufferOctets > 0 ? configuration.BufferOctets : BufferBudget.DefaultLimit);
        Clock = _line.Rotation is { } rotation ? new RotationClock(rotation, TimeZoneInfo.Local) : null;
        LogPattern? pattern = LogPattern.TryParse(_line.Pattern, _line.Rotation is not null, out string _);
        _hasExporter = pattern?.HasExporter == true;
        _hasTag = pattern?.HasTag == true;
    }

    public int Number { get; }

    public LogFields Fields { get; }

    /// <summary>Changes the addresses of its flows, once it is decided where they go; null if they stay.</summary>
    public AddressAnonymizer? Anonymizer { get; }

    public SyncPolicy Sync { get; }

    /// <summary>Whether nothing waits once the sockets are drained.</summary>
    public bool FlushesAlways { get; }

    /// <summary>How long a record waits, in ms at most, for others to be written with it.</summary>
    public long Patience => IsCompressed ? MillisecondsBetweenFrames : MillisecondsBetweenFlushes;

    /// <summary>So many octets are written at once, or made a frame, without waiting for more.</summary>
    public int OctetsWorthWriting => IsCompressed ? OctetsOfFrame : OctetsOfWrite;

    public bool DropsOldest { get; }

    /// <summary>What all files of the line may hold together while they cannot be written.</summary>
    public BufferBudget Budget { get; private set; }

    /// <summary>When files follow each other; null if they do not.</summary>
    public RotationClock? Clock { get; }

    /// <summary>
    /// Of compression: files that are finished one day are compressed once more then, so that it need not cost much now. Null for none.
    /// </summary>
    public int? LevelWhileWriting => _line.Rotation is null ? _line.ZstdLevel : _line.ZstdLevel is { } level ? Math.Min(level, CheapLevel) : null;

    /// <summary>It takes no flows, but what exporters tell beside them.</summary>
    public bool IsOfNotes => _line.IsOfNotes;

    public bool IsCompressed => _line.ZstdLevel is not null;

    public bool Syncs => Sync.Mode != SyncMode.Never;

    /// <summary>True if all flows of the line go into one file, which is there from the start.</summary>
    public bool IsSingle => !_hasExporter && !_hasTag;

    public int LeadSeconds => Math.Clamp((_line.Rotation?.Seconds ?? 0) / 2, 1, LongestLead);

    /// <summary>True if both lines write the same files, each its own flows.</summary>
    public bool WritesSameFiles(LogLine other)
        => _line.Pattern == other._line.Pattern && _line.Rotation == other._line.Rotation && _line.IsOfNotes == other._line.IsOfNotes && _line.ZstdLevel == other._line.ZstdLevel;

    /// <summary>Goes on with what the files of another line, which are its own from here on, have in their buffers.</summary>
    public void TakeOver(LogLine other)
    {
        other.Budget.Limit = Budget.Limit;
        Budget = other.Budget;
    }

    /// <summary>True if every flow goes into one file, unchanged, with what version 3.0 of the log has of it.</summary>
    public bool TakesAllAsTheyAre => IsSingle && Anonymizer is null && _line.Conditions.Length == 0 && (Fields & LogFields.Beyond30) == 0;

    /// <summary>True if the flow meets all conditions. Tags: all that the rules gave it.</summary>
    public bool Wants(in FlowRecord record, ReadOnlySpan<uint> tags)
    {
        if (IsOfNotes)
            return false;
        foreach (LogCondition condition in _line.Conditions)
        {
            if (Holds(condition, in record, tags) == condition.IsNegated)
                return false;
        }

        return true;
    }

    /// <summary>True if what that exporter tells beside flows is for this line.</summary>
    public bool WantsNotesOf(in Address exporter)
    {
        if (!IsOfNotes)
            return false;
        foreach (LogCondition condition in _line.Conditions)
        {
            if (condition.From!.Value.Contains(exporter) == condition.IsNegated)
                return false;
        }

        return true;
    }

    public LogKey KeyOfNotes(in Address exporter) => new(_hasExporter ? exporter : default, null);

    public LogKey KeyOf(in FlowRecord record)
        => new(_hasExporter ? record.AgentAddress : default, _hasTag ? TagOf(in record) : null);

    /// <summary>The start of the period, in seconds; 0 if there are none. Wall: milliseconds since 1970-01-01 UTC.</summary>
    public long StartOf(long wall) => Clock?.StartOf(wall / 1000) ?? 0;

    /// <summary>For messages.</summary>
    public string NameOf(LogKey key)
    {
        string name = "log " + _line.Pattern;
        if (_hasExporter)
            name += $" (exporter {key.Exporter})";
        return _hasTag ? name + $" (tag {key.Tag?.ToString(CultureInfo.InvariantCulture) ?? "none"})" : name;
    }

    private static uint? TagOf(in FlowRecord record) => (record.Fields & LogFields.Tag) != 0 ? record.Tag : null;

    private static bool Holds(LogCondition condition, in FlowRecord record, ReadOnlySpan<uint> tags)
        => condition.From is { } prefix
            ? prefix.Contains(record.AgentAddress)
            : tags.ContainsAny(condition.Tags);
}
