using System;
using System.IO;
using Flowd.Platform;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Tests;

/// <summary>What a process that was killed while it wrote leaves, the next one who writes to that file takes back.</summary>
public sealed class WriteTurnsTests : IDisposable
{
    private readonly SafeFileHandle _memory = Descriptors.MemoryFile("test", WriteTurns.Length);
    private readonly string _folder = Directory.CreateTempSubdirectory("flowd-test-").FullName;

    public void Dispose()
    {
        _memory.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_turn_that_came_to_its_end_leaves_all()
    {
        using SafeFileHandle log = Open("log");
        using WriteTurns one = Turns(0), other = Turns(1);
        Write(one, log, 100);
        Write(other, log, 50);
        Assert.Equal(150, RandomAccess.GetLength(log));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    public void One_that_did_not_leaves_nothing(int next)
    {
        using SafeFileHandle log = Open("log"), another = Open("another");
        using (WriteTurns killed = Turns(0))
        {
            Write(killed, log, 100);
            Begin(killed, log, 70);
        }

        using WriteTurns turns = Turns(next);
        Write(turns, another, 10);
        Assert.Equal(170, RandomAccess.GetLength(log)); // it is another file's turn
        Write(turns, log, 5);
        Assert.Equal(105, RandomAccess.GetLength(log));
        Write(turns, log, 5);
        Assert.Equal(110, RandomAccess.GetLength(log)); // once
    }

    // Its successor writes to other files first.
    [Fact]
    public void What_is_left_is_not_forgotten_for_another_file()
    {
        using SafeFileHandle log = Open("log"), another = Open("another");
        using (WriteTurns killed = Turns(0))
            Begin(killed, log, 70);
        using (WriteTurns successor = Turns(0))
        {
            Write(successor, another, 10);
            Begin(successor, another, 10);
        }

        using WriteTurns third = Turns(0), other = Turns(1);
        Write(third, another, 1);
        Write(other, log, 1);
        Assert.Equal(11, RandomAccess.GetLength(another));
        Assert.Equal(1, RandomAccess.GetLength(log));
    }

    private SafeFileHandle Open(string name) => File.OpenHandle(Path.Combine(_folder, name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);

    private WriteTurns Turns(int self) => new(new SafeFileHandle(_memory.DangerousGetHandle(), ownsHandle: false), self);

    private static void Write(WriteTurns turns, SafeFileHandle file, int octets)
    {
        Begin(turns, file, octets);
        turns.End();
    }

    private static void Begin(WriteTurns turns, SafeFileHandle file, int octets)
    {
        turns.Begin(file);
        RandomAccess.Write(file, new byte[octets], RandomAccess.GetLength(file));
    }
}
