using System;
using Flowd.Filter;

namespace Flowd.Worker.Metrics;

/// <summary>Takes one piece of the text, which belongs at <paramref name="offset"/>.</summary>
public delegate void TextSink(ReadOnlySpan<byte> text, long offset);

/// <summary>The worker's counters as text for Prometheus: a family after the other, each whole or not at all.</summary>
/// <param name="startedSeconds">When the worker started: seconds since 1970-01-01 UTC.</param>
public sealed class MetricsReport(long startedSeconds)
{
    /// <summary>For the family that says how many had no room.</summary>
    private const int RoomForLast = 256;

    private readonly MetricsText _text = new();
    private RuleListing? _rules;

    /// <summary>Writes no more than <paramref name="most"/> octets; returns how many.</summary>
    public long Write(MetricsSubjects subjects, long most, TextSink sink)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        ArgumentNullException.ThrowIfNull(sink);
        var view = new MetricsView(subjects, startedSeconds, RulesOf(subjects.Pipeline.Policy.Filter));
        long length = 0;
        foreach (MetricFamily family in MetricFamilies.All)
        {
            _text.Begin(family);
            family.Write(view, _text);
            long room = most - length - (family == MetricFamilies.LeftOut ? 0 : RoomForLast);
            if (_text.Written.Length > room)
            {
                view.LeftOut++;
                continue;
            }

            sink(_text.Written, length);
            length += _text.Written.Length;
        }

        return length;
    }

    private RuleListing RulesOf(FilterProgram program)
        => _rules?.Program == program ? _rules : _rules = new RuleListing(program);
}
