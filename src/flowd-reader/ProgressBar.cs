using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;

namespace Flowd.Reader;

/// <summary>How far a long run is, on one line of a terminal of 80 columns that is written again and again. For several threads.</summary>
internal sealed class ProgressBar(Stream terminal, long total) : IDisposable
{
    private const int Width = 20;
    private const double Mebi = 1 << 20;

    private static readonly TimeSpan BetweenLines = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly object _lock = new();
    private TimeSpan _next;
    private long _done;

    /// <summary>So many octets were read.</summary>
    public void Add(int octets)
    {
        lock (_lock)
        {
            _done += octets;
            if (_watch.Elapsed < _next)
                return;
            _next = _watch.Elapsed + BetweenLines;
            Draw();
        }
    }

    /// <summary>Leaves no trace.</summary>
    public void Dispose() => Write("\r\e[K");

    private void Draw()
    {
        double part = total > 0 ? Math.Min(1, _done / (double)total) : 0;
        double seconds = Math.Max(_watch.Elapsed.TotalSeconds, 0.001);
        double rate = _done / seconds;
        TimeSpan left = TimeSpan.FromSeconds(Math.Min(rate > 0 ? Math.Max(0, total - _done) / rate : 0, 359_999));
        string bar = new string('#', (int)(part * Width)).PadRight(Width, '.');
        Write(string.Create(CultureInfo.InvariantCulture, $"\r[{bar}] {part * 100:0}% {_done / Mebi:0.0} MiB, {rate / Mebi:0.0} MiB/s, {left:hh\\:mm\\:ss} left\e[K"));
    }

    private void Write(string text)
    {
        try
        {
            terminal.Write(Encoding.UTF8.GetBytes(text));
            terminal.Flush();
        }
        catch (IOException)
        {
            // nobody looks
        }
    }
}
