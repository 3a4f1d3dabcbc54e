using System;
using System.Globalization;
using System.Text;
using Flowd.Records;
using Flowd.Sinks;
using Flowd.Store;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Reader;

/// <summary>What --check found in one log, or in all.</summary>
internal sealed class LogSummary
{
    /// <summary>Which sections are looked at.</summary>
    public const LogFields Reads = LogFields.RecvTime;

    private long _logs = 1;
    private long _records;
    private long _checked;
    private long _octets;
    private long _gaps;
    private long _gapOctets;
    private uint _first = uint.MaxValue;
    private uint _last;

    public static LogSummary Empty => new() { _logs = 0 };

    public void Add(in FlowRecord record, int octets)
    {
        _records++;
        _octets += octets;
        if ((record.Fields & LogFields.Crc32) != 0)
            _checked++;
        if ((record.Fields & LogFields.RecvTime) != 0)
            AddTime(record.ReceivedSeconds);
    }

    public void Add(in BatchRun run)
    {
        _records += run.Count;
        _octets += run.Octets.Length;
        if ((run.Fields & LogFields.Crc32) != 0)
            _checked += run.Count;
        if (!run.Layout.TryFind(RecordValue.ReceivedSeconds, out WirePlace place))
            return;
        for (int at = place.Offset; at < run.Octets.Length; at += run.Layout.Length)
            AddTime(ReadUInt32BigEndian(run.Octets[at..]));
    }

    public void Add(LogGap gap)
    {
        _gaps++;
        _gapOctets += gap.Length;
    }

    public void Add(LogSummary other)
    {
        _logs += other._logs;
        _records += other._records;
        _checked += other._checked;
        _octets += other._octets;
        _gaps += other._gaps;
        _gapOctets += other._gapOctets;
        _first = Math.Min(_first, other._first);
        _last = Math.Max(_last, other._last);
    }

    /// <summary>One line, the name in front.</summary>
    public string Describe(string? name, TimeText time)
    {
        string times = _first > _last ? "no times" : $"{Text(time, _first)} to {Text(time, _last)}";
        string damage = _gaps == 0 ? "no damage" : string.Create(CultureInfo.InvariantCulture, $"{_gaps} gaps of {_gapOctets} octets");
        return string.Create(CultureInfo.InvariantCulture, $"{name ?? $"all of {_logs}"}: {_records} records, {_checked} with checksum, {_octets} octets, {times}, {damage}\n");
    }

    private void AddTime(uint received)
    {
        _first = Math.Min(_first, received);
        _last = Math.Max(_last, received);
    }

    private static string Text(TimeText time, uint seconds) => Encoding.UTF8.GetString(time.Local(seconds));
}
