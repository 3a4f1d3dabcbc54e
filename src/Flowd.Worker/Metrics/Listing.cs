using System;
using System.Collections.Generic;

namespace Flowd.Worker.Metrics;

/// <summary>One series, of one item or the sum of several.</summary>
internal readonly record struct Series<T>(byte[] Labels, List<T> Items)
{
    public ulong Sum(Func<T, ulong> value)
    {
        ulong sum = 0;
        foreach (T item in Items)
            sum += value(item);
        return sum;
    }
}

/// <summary>
/// Items that have series of their own, and those that are too many for that: they are added up in one series, so that strangers cannot make
/// Prometheus keep series without bound.
/// </summary>
internal sealed class Listing<T>
{
    /// <summary>Series of their own.</summary>
    public const int Most = 1000;

    private readonly List<Series<T>> _series = [];

    /// <param name="items">The first ones have series of their own.</param>
    /// <param name="labelsOf">Items with the same labels share a series: there may not be two.</param>
    /// <param name="others">The labels of the rest.</param>
    public Listing(IEnumerable<T> items, Func<T, byte[]> labelsOf, byte[] others)
    {
        var known = new Dictionary<string, Series<T>>(StringComparer.Ordinal);
        var rest = new Series<T>(others, []);
        foreach (T item in items)
        {
            if (_series.Count == Most) // then nobody asks for labels any more
                rest.Items.Add(item);
            else
                Add(known, labelsOf(item), item);
        }

        Folded = rest.Items.Count;
        if (Folded > 0)
            _series.Add(rest);
    }

    /// <summary>Items without a series of their own.</summary>
    public int Folded { get; }

    /// <summary>Those of single items first.</summary>
    public IReadOnlyList<Series<T>> Series => _series;

    public void Write(MetricsText text, Func<T, ulong> value) => Write(text, [], value);

    /// <summary>A sample for each series, with one more label.</summary>
    public void Write(MetricsText text, ReadOnlySpan<byte> more, Func<T, ulong> value)
    {
        foreach (Series<T> series in _series)
            text.Add(series.Labels, more, series.Sum(value));
    }

    /// <summary>A sample for each kind of trouble that occurred, with its label.</summary>
    public void WriteOccurred<TKind>(MetricsText text, (TKind Kind, byte[] Label)[] kinds, Func<T, TKind, ulong> value)
    {
        foreach (Series<T> series in _series)
        {
            foreach ((TKind kind, byte[] label) in kinds)
            {
                if (series.Sum(item => value(item, kind)) is > 0 and ulong count)
                    text.Add(series.Labels, label, count);
            }
        }
    }

    private void Add(Dictionary<string, Series<T>> known, byte[] labels, T item)
    {
        string key = System.Text.Encoding.UTF8.GetString(labels);
        if (!known.TryGetValue(key, out Series<T> series))
        {
            series = new Series<T>(labels, []);
            known.Add(key, series);
            _series.Add(series);
        }

        series.Items.Add(item);
    }
}
