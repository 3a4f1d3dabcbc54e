using System;
using System.Collections.Generic;
using System.IO;
using Flowd.Records;
using Flowd.Store;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Tests;

/// <summary>A log that others append to as well: nothing is looked at or written out of turn.</summary>
public sealed class SharedLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flowd-shared-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "flowd.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Writes down the length of the file at the beginning and the end of each turn; somebody else may write before it begins.</summary>
    private sealed class Turns(string path) : ITurns
    {
        public List<(long Begin, long End)> Taken { get; } = [];

        public byte[] OfSomebodyElse { get; set; } = [];

        public bool IsOurs { get; private set; }

        public void Begin(SafeFileHandle file)
        {
            Assert.False(IsOurs);
            File.AppendAllBytes(path, OfSomebodyElse);
            Taken.Add((RandomAccess.GetLength(file), -1));
            IsOurs = true;
        }

        public void End()
        {
            Assert.True(IsOurs);
            Taken[^1] = Taken[^1] with { End = new FileInfo(path).Length };
            IsOurs = false;
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public void Each_flush_is_a_turn_and_the_records_of_others_stay(int? level)
    {
        var turns = new Turns(Path);
        using var appender = new LogAppender(LogFields.All, level: level) { Turns = turns };
        Assert.Equal(default, appender.Attach(Open()));
        Assert.Equal((0, 0), Assert.Single(turns.Taken));
        for (int i = 0; i < 10; i++)
        {
            turns.OfSomebodyElse = level is null ? Sample.Write(Sample.Full4) : [];
            appender.Append(Sample.Full6);
            Assert.True(appender.Flush().Succeeded);
            Assert.Equal(2 + i, turns.Taken.Count);
            Assert.True(turns.Taken[^1].End > turns.Taken[^1].Begin);
        }

        appender.Flush(); // of nothing
        Assert.Equal(11, turns.Taken.Count);
        using FileStream file = File.OpenRead(Path);
        using var reader = new LogReader(file);
        int records = 0;
        while (reader.TryRead(out FlowRecord _))
            records++;
        Assert.Equal(level is null ? 20 : 10, records);
    }

    // What a log will be long depends on others: a successor must not count on it.
    [Fact]
    public void Its_length_is_unknown()
    {
        using var shared = new LogAppender(LogFields.All) { Turns = new Turns(Path) };
        using var own = new LogAppender(LogFields.All);
        shared.Attach(Open());
        own.Attach(Open());
        Assert.Equal(-1, shared.LengthWhenFlushed);
        Assert.Equal(0, own.LengthWhenFlushed);
    }

    [Fact]
    public void A_torn_end_is_cut_off_in_a_turn()
    {
        File.WriteAllBytes(Path, [.. Sample.Log(3), .. Sample.Write(Sample.Full4).AsSpan(0, 50)]);
        var turns = new Turns(Path);
        using var appender = new LogAppender(LogFields.All) { Turns = turns };
        Assert.Equal(new LogOpenResult(LogError.None, Sample.Log(3).Length, 50), appender.Attach(Open()));
        Assert.Equal((Sample.Log(3).Length + 50, Sample.Log(3).Length), Assert.Single(turns.Taken));
    }

    [Fact]
    public void Lines_are_written_in_turns_too()
    {
        var turns = new Turns(Path);
        using var appender = new LogAppender(LogFields.None, framing: LogFraming.Lines) { Turns = turns };
        Assert.Equal(default, appender.Attach(Open()));
        turns.OfSomebodyElse = "{}\n"u8.ToArray();
        appender.AppendLine("{\"a\":1}\n"u8);
        Assert.True(appender.Flush().Succeeded);
        Assert.Equal(["{}", "{\"a\":1}"], File.ReadAllLines(Path));
        Assert.Equal(2, turns.Taken.Count);
    }

    private SafeFileHandle Open() => File.OpenHandle(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
}
