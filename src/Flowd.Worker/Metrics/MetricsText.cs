using System;
using Flowd.Sinks;

namespace Flowd.Worker.Metrics;

/// <summary>The text of one family, in the text exposition format of Prometheus, version 0.0.4.</summary>
internal sealed class MetricsText
{
    private readonly Utf8Buffer _text = new();
    private string _name = "";

    public ReadOnlySpan<byte> Written => _text.Written;

    /// <summary>Starts anew, with the head of a family.</summary>
    public void Begin(MetricFamily family)
    {
        _text.Clear();
        _name = family.Name;
        AddHead("# HELP "u8, family.Help);
        AddHead("# TYPE "u8, family.Type == MetricType.Counter ? "counter" : "gauge");
    }

    /// <summary>Adds a sample; labels as <see cref="MetricLabels"/> makes them, or none.</summary>
    public void Add(ReadOnlySpan<byte> labels, ulong value) => Add(labels, [], value);

    public void Add(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> more, ulong value)
    {
        AddSeries(labels, more);
        _text.AddNumber(value);
        _text.Add((byte)'\n');
    }

    public void Add(ReadOnlySpan<byte> labels, long value)
    {
        AddSeries(labels, []);
        _text.AddNumber(value);
        _text.Add((byte)'\n');
    }

    private void AddHead(ReadOnlySpan<byte> keyword, string text)
    {
        _text.Add(keyword);
        _text.Add(_name);
        _text.Add((byte)' ');
        _text.Add(text);
        _text.Add((byte)'\n');
    }

    private void AddSeries(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> more)
    {
        _text.Add(_name);
        if (labels.Length + more.Length > 0)
        {
            _text.Add((byte)'{');
            _text.Add(labels);
            if (labels.Length > 0 && more.Length > 0)
                _text.Add((byte)',');
            _text.Add(more);
            _text.Add((byte)'}');
        }

        _text.Add((byte)' ');
    }
}
