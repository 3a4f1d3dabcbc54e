using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading;
using Flowd.Records;
using Flowd.Store;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Tests;

/// <summary>Consumers that keep their place in logs that grow, rotate, are compressed and removed.</summary>
public sealed class LogCursorTests : IDisposable
{
    private static readonly LogCursorOptions Eager = new() { ScanInterval = TimeSpan.Zero };

    private readonly string _folder = Directory.CreateTempSubdirectory("flowd-cursor-").FullName;
    private readonly string _logs;
    private ulong _next;

    public LogCursorTests()
    {
        _logs = Path.Combine(_folder, "logs");
        Directory.CreateDirectory(_logs);
    }

    private string Position => Path.Combine(_folder, "position");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_committed_does_not_come_again_and_the_rest_does()
    {
        Write("log", 10);
        using (LogCursor cursor = Open())
        {
            Assert.Equal(Numbers(0, 6), Take(cursor, 6));
            cursor.Commit();
            Assert.Equal(Numbers(6, 3), Take(cursor, 3));
        }

        using (LogCursor cursor = Open())
        {
            Assert.Equal(Numbers(6, 4), Take(cursor, 100));
            Assert.False(cursor.TryRead(out _));
            Write("log", 5);
            Assert.Equal(Numbers(10, 5), Take(cursor, 100));
            cursor.Commit();
        }

        using (LogCursor cursor = Open())
            Assert.Empty(Take(cursor, 100));
    }

    // As when a period ends between a look at the folder and one into the file.
    [Fact]
    public void A_log_that_is_renamed_while_it_is_looked_for_is_not_taken_for_another()
    {
        Write("log.current", 10);
        using (LogCursor cursor = Open())
        {
            Take(cursor, 100);
            cursor.Commit();
        }

        using var stop = new CancellationTokenSource();
        string current = Path.Combine(_logs, "log.current"), finished = Path.Combine(_logs, "log");
        var renaming = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                File.Move(current, finished);
                Thread.SpinWait(1000);
                File.Move(finished, current);
                Thread.SpinWait(1000);
            }
        });
        renaming.Start();
        try
        {
            for (int i = 0; i < 1000; i++)
            {
                using LogCursor cursor = Open();
                Assert.Empty(Take(cursor, 1));
            }
        }
        finally
        {
            stop.Cancel();
            renaming.Join();
        }
    }

    [Theory]
    [InlineData("log.1")]
    [InlineData("log-20261127")]
    public void A_log_that_was_renamed_is_gone_on_with_and_then_the_new_one(string name)
    {
        string log = Path.Combine(_logs, "log");
        Write("log", 5);
        using (LogCursor cursor = LogCursor.Open([log], Position, Eager))
        {
            Take(cursor, 3);
            cursor.Commit();
        }

        File.Move(log, Path.Combine(_logs, name));
        Write("log", 4);
        using (LogCursor cursor = LogCursor.Open([log], Position, Eager))
        {
            Assert.Equal(Numbers(3, 6), Take(cursor, 100));
            cursor.Commit();
        }

        Gzip(name);
        using (LogCursor cursor = LogCursor.Open([log], Position, Eager))
            Assert.Empty(Take(cursor, 100));
    }

    [Fact]
    public void Compressed_once_more_it_is_gone_on_with_in_the_middle()
    {
        Write("a.zst.current", 300, level: 1);
        Write("a.zst.current", 200, level: 1);
        using (LogCursor cursor = Open())
        {
            Assert.Equal(Numbers(0, 350), Take(cursor, 350));
            cursor.Commit();
        }

        Finish("a.zst.current", compacts: true);
        using (LogCursor cursor = Open())
            Assert.Equal(Numbers(350, 150), Take(cursor, 1000));
    }

    [Fact]
    public void A_record_that_is_torn_is_waited_for_and_cut_off_it_is_no_damage()
    {
        var gaps = new List<LogGap>();
        Write("log", 2);
        byte[] record = Sample.Write(Sample.Full4 with { Octets = 2 });
        using LogCursor cursor = LogCursor.Open([_logs], Position, Eager with { OnGap = (_, gap) => gaps.Add(gap) });
        Assert.Equal(Numbers(0, 2), Take(cursor, 9));
        Append("log", record[..50]);
        Assert.Empty(Take(cursor, 9));
        Append("log", record[50..]);
        Assert.Equal([2ul], Take(cursor, 9));
        Append("log", record[..50]);
        Assert.Empty(Take(cursor, 9));
        using (SafeFileHandle file = File.OpenHandle(Path.Combine(_logs, "log"), access: FileAccess.ReadWrite))
            RandomAccess.SetLength(file, RandomAccess.GetLength(file) - 50);
        _next = 3;
        Write("log", 3);
        Assert.Equal(Numbers(3, 3), Take(cursor, 9));
        Assert.Empty(gaps);
    }

    [Fact]
    public void From_the_end_only_what_is_new_comes()
    {
        Write("log", 5);
        using LogCursor cursor = LogCursor.Open([_logs], Position, Eager with { Start = CursorStart.End });
        Assert.Empty(Take(cursor, 9));
        Write("log", 2);
        Assert.Equal(Numbers(5, 2), Take(cursor, 9));
    }

    [Fact]
    public void Two_consumers_cannot_have_one_position()
    {
        using LogCursor cursor = Open();
        Assert.Throws<IOException>(Open);
    }

    [Fact]
    public void A_position_file_that_was_torn_has_the_last_whole_commit()
    {
        Write("log", 100);
        using (LogCursor cursor = Open())
        {
            for (int i = 0; i < 10; i++)
            {
                Take(cursor, 5);
                cursor.Commit();
            }
        }

        byte[] journal = File.ReadAllBytes(Position);
        for (int cut = 1; cut < 64; cut++)
        {
            File.WriteAllBytes(Position, journal[..^cut]);
            using LogCursor cursor = Open();
            Assert.Equal(Numbers(45, 55), Take(cursor, 1000));
        }
    }

    // A thousand lives of a consumer, each ended anywhere, also in the middle of a commit, while logs grow, rotate, are compressed and deleted.
    [Fact]
    public void Killed_a_thousand_times_it_loses_nothing_and_repeats_nothing_that_was_committed()
    {
        var random = new Random(5);
        var seen = new HashSet<ulong>();
        var committed = new HashSet<ulong>();
        for (int life = 0; life < 1000; life++)
        {
            var sinceCommit = new HashSet<ulong>();
            using (LogCursor cursor = Open())
            {
                for (int step = random.Next(1, 6); step > 0; step--)
                {
                    Change(random, committed);
                    foreach (ulong number in Take(cursor, random.Next(0, 120)))
                    {
                        Assert.DoesNotContain(number, committed);
                        Assert.True(sinceCommit.Add(number), $"life {life}: {number} twice");
                        seen.Add(number);
                    }

                    if (random.Next(3) == 0)
                        continue;
                    cursor.Commit();
                    committed.UnionWith(sinceCommit);
                    sinceCommit.Clear();
                }
            }

            if (random.Next(10) == 0)
                Append(Position, new byte[random.Next(1, 63)], isLog: false); // what a kill in a commit leaves
        }

        using LogCursor last = Open();
        foreach (ulong number in Take(last, int.MaxValue))
        {
            Assert.DoesNotContain(number, committed);
            seen.Add(number);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{_next} records written, {seen.Count} seen, {committed.Count} committed");
        Assert.Equal(_next, (ulong)seen.Count);
        Assert.Equal(0, last.Vanished);
    }

    private LogCursor Open() => LogCursor.Open([_logs], Position, Eager);

    // One of the things that happen to logs.
    private void Change(Random random, HashSet<ulong> committed)
    {
        string[] finished = FinishedLogs();
        if (finished.Length > 8)
            Array.ForEach(Array.FindAll(finished, path => ReadAll(path).All(committed.Contains)), File.Delete);
        finished = FinishedLogs();
        string[] current = Directory.GetFiles(_logs, "*.current");
        string name = current.Length > 0 ? Path.GetFileName(current[random.Next(current.Length)]) : $"log.{_next}{(random.Next(2) == 0 ? ".zst" : "")}.current";
        int? level = name.Contains(".zst", StringComparison.Ordinal) ? 1 : null;
        switch (random.Next(8))
        {
            case 0 when current.Length > 0:
                Finish(name, compacts: false);
                break;
            case 1 when current.Length > 0:
                Finish(name, compacts: level is not null);
                break;
            case 2 when finished.FirstOrDefault(path => !path.EndsWith(".zst", StringComparison.Ordinal) && !path.EndsWith(".gz", StringComparison.Ordinal)) is { } plain:
                Gzip(Path.GetFileName(plain));
                break;
            case 4 when current.Length < 3:
                Write($"log.{_next}.current", random.Next(1, 40));
                break;
            default:
                Write(name, random.Next(1, 40), level);
                break;
        }
    }

    private string[] FinishedLogs() => [.. Directory.GetFiles(_logs).Where(path => !path.EndsWith(".current", StringComparison.Ordinal))];

    private void Write(string name, int count, int? level = null)
    {
        using var appender = new LogAppender(LogFields.All, level: level);
        Assert.True(appender.Attach(File.OpenHandle(Path.Combine(_logs, name), FileMode.OpenOrCreate, FileAccess.ReadWrite)).Succeeded);
        for (int i = 0; i < count; i++)
            appender.Append(Sample.Full4 with { Octets = _next++, ReceivedSeconds = (uint)(1_700_000_000 + _next) });
        Assert.True(appender.Flush().Succeeded);
    }

    private void Append(string name, byte[] octets, bool isLog = true)
    {
        using FileStream file = new(isLog ? Path.Combine(_logs, name) : name, FileMode.Append);
        file.Write(octets);
    }

    // As flowd does: the final name first, then blocks of a better size under the same name.
    private void Finish(string name, bool compacts)
    {
        string final = Path.Combine(_logs, name[..^".current".Length]);
        File.Move(Path.Combine(_logs, name), final);
        if (!compacts)
            return;
        using (SafeFileHandle from = File.OpenHandle(final), to = File.OpenHandle(final + ".tmp", FileMode.Create, FileAccess.ReadWrite))
            LogCompactor.Compact(from, to, 3);
        File.Move(final + ".tmp", final, overwrite: true);
    }

    private void Gzip(string name)
    {
        string path = Path.Combine(_logs, name);
        using (FileStream from = File.OpenRead(path), to = File.Create(path + ".gz.tmp"))
        using (var gzip = new GZipStream(to, CompressionLevel.Fastest))
            from.CopyTo(gzip);
        File.Move(path + ".gz.tmp", path + ".gz");
        File.Delete(path);
    }

    private static List<ulong> ReadAll(string path)
    {
        var numbers = new List<ulong>();
        using FileStream file = File.OpenRead(path);
        using var reader = new LogReader(file);
        while (reader.TryRead(out FlowRecord record))
            numbers.Add(record.Octets);
        return numbers;
    }

    private static List<ulong> Take(LogCursor cursor, int most)
    {
        var numbers = new List<ulong>();
        while (numbers.Count < most && cursor.TryRead(out FlowRecord record))
            numbers.Add(record.Octets);
        return numbers;
    }

    private static IEnumerable<ulong> Numbers(int first, int count) => Enumerable.Range(first, count).Select(number => (ulong)number);
}
