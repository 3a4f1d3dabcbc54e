using System;
using System.Text;
using Flowd.Filter;
using Flowd.Platform;
using Flowd.Records;
using Flowd.Sinks;

namespace Flowd.Worker;

/// <summary>Prints every flow with its verdict (`-d`).</summary>
public sealed class FlowTrace(SystemLog log)
{
    private readonly Utf8Buffer _line = new(1024);
    private readonly TimeText _time = new(TimeZoneInfo.Local);

    public bool IsOn { get; } = log.IsEnabled(LogLevel.Debug);

    public void Write(in FlowRecord record, FilterAction action)
    {
        _line.Clear();
        FlowText.Write(_line, in record, LogFields.Everything & ~LogFields.Other, _time);
        string verdict = action == FilterAction.Discard ? "DISCARD" : "ACCEPT";
        log.Debug($"{verdict} {Encoding.UTF8.GetString(_line.Written).TrimEnd()}");
    }
}
