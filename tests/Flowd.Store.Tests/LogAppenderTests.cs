using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.IO.Pipes;
using System.Linq;
using System.Runtime.InteropServices;
using Flowd.Records;
using Flowd.Store;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Tests;

/// <summary>Appending: to real files, pipes, full disks.</summary>
public sealed class LogAppenderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flowd-appender-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "flowd.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(FileMode.OpenOrCreate)]
    [InlineData(FileMode.Append)]
    public void Records_are_appended_in_one_write_a_flush(FileMode mode)
    {
        byte[] before = Sample.Log(3);
        File.WriteAllBytes(Path, before);
        using var appender = new LogAppender(LogFields.All);
        Assert.Equal(default, appender.Attach(Open(mode)));
        for (int i = 0; i < 2; i++)
        {
            appender.Append(Sample.Full4);
            appender.Append(Sample.Full6);
            Assert.Equal(before.Length, new FileInfo(Path).Length);
            Assert.True(appender.Flush().Succeeded);
            before = [.. before, .. Sample.Write(Sample.Full4), .. Sample.Write(Sample.Full6)];
            Assert.Equal(before, File.ReadAllBytes(Path));
        }

        Assert.Equal((4ul, 0ul, 0ul), (appender.Counters.RecordsAppended, appender.Counters.RecordsDropped, appender.Counters.FailedFlushes));
        Assert.Equal((ulong)(before.Length - Sample.Log(3).Length), appender.Counters.BytesWritten);
        Assert.Equal(0, appender.Pending);
    }

    // As the daemon's monitor opens it. The class library would write at an offset, which this ignores.
    [Fact]
    public void A_descriptor_in_append_mode_is_repaired_and_appended_to()
    {
        byte[] log = Sample.Log(3);
        File.WriteAllBytes(Path, [.. log, .. Sample.Write(Sample.Full4).AsSpan(0, 50)]);
        using var appender = new LogAppender(LogFields.All);
        Assert.Equal(new LogOpenResult(LogError.None, log.Length, 50), appender.Attach(OpenAppending(Path)));
        byte[] more = AppendAndFlush(appender, 3, out LogFlushResult result);
        Assert.True(result.Succeeded);
        Assert.Equal([.. log, .. more], File.ReadAllBytes(Path));
    }

    [Fact]
    public void The_mask_is_applied()
    {
        using var appender = new LogAppender(LogFields.Octets);
        Assert.True(appender.Attach(Open()).Succeeded);
        appender.Append(Sample.Full4);
        appender.Fields = LogFields.Packets;
        appender.Append(Sample.Full4 with { Packets = 7 });
        Assert.True(appender.Flush().Succeeded);
        Assert.Equal("60020000000020000000000100000000" + "60020000000010000000000000000007", Convert.ToHexString(File.ReadAllBytes(Path)));
    }

    [Fact]
    public void A_torn_end_is_cut_off_at_every_length()
    {
        byte[] sound = Sample.Log(5);
        byte[] last = Sample.Write(Sample.Full6);
        for (int length = 1; length < last.Length; length++)
        {
            File.WriteAllBytes(Path, [.. sound, .. last.AsSpan(0, length)]);
            using var appender = new LogAppender(LogFields.All);
            Assert.Equal(new LogOpenResult(LogError.None, sound.Length, length), appender.Attach(Open()));
            appender.Append(Sample.Full4);
            Assert.True(appender.Flush().Succeeded);
            appender.Detach();
            Assert.Equal([.. sound, .. Sample.Write(Sample.Full4)], File.ReadAllBytes(Path));
        }
    }

    [Fact]
    public void A_first_record_that_is_torn_is_cut_off_too()
    {
        byte[] last = Sample.Write(Sample.Full6);
        for (int length = 1; length < last.Length; length++)
        {
            File.WriteAllBytes(Path, last.AsSpan(0, length));
            using var appender = new LogAppender(LogFields.All);
            Assert.Equal(new LogOpenResult(LogError.None, 0, length), appender.Attach(Open()));
            Assert.Equal(0, new FileInfo(Path).Length);
        }
    }

    // What a crash leaves of a file that had grown before its blocks were written.
    [Fact]
    public void Zeros_at_the_end_are_cut_off()
    {
        byte[] sound = Sample.Log(5);
        File.WriteAllBytes(Path, [.. sound, .. new byte[5000]]);
        using var appender = new LogAppender(LogFields.All);
        Assert.Equal(new LogOpenResult(LogError.None, sound.Length, 5000), appender.Attach(Open()));
    }

    [Theory]
    [InlineData(LogFields.All)]
    [InlineData(LogFields.All & ~LogFields.Crc32)]
    public void The_end_of_a_large_log_is_found(LogFields mask)
    {
        byte[] sound = Sample.Log(12_000, mask);
        Assert.True(sound.Length > 1_400_000);
        File.WriteAllBytes(Path, [.. sound, .. Sample.Write(Sample.Full4, mask).AsSpan(0, 99)]);
        using var appender = new LogAppender(LogFields.All);
        Assert.Equal(new LogOpenResult(LogError.None, sound.Length, 99), appender.Attach(Open()));
        Assert.Equal(default, appender.Attach(Open()));
    }

    [Fact]
    public void Damage_before_the_end_is_left_alone()
    {
        byte[] log = Sample.Log(5);
        log[30] ^= 1;
        File.WriteAllBytes(Path, log);
        using var appender = new LogAppender(LogFields.All);
        Assert.Equal(default, appender.Attach(Open()));
        Assert.Equal(log, File.ReadAllBytes(Path));
    }

    public static TheoryData<string, string> Foreign => new()
    {
        { "text", Convert.ToHexString("hello, world\n"u8) },
        { "short", "68" },
        { "a later version", "80010000 00000001 00000007" },
        { "zeros", "0000000000000000000000000000000000000000" },
        { "a version that we do not write", "61040000 00080001" },
    };

    [Theory, MemberData(nameof(Foreign))]
    public void A_foreign_file_is_refused_and_unchanged(string name, string hex)
    {
        Assert.NotEmpty(name);
        Refuses(Hex.Parse(hex), LogError.ForeignFile);
    }

    [Fact]
    public void A_log_of_version_2_is_refused_and_unchanged() => Refuses(Sample.Legacy, LogError.LegacyLog);

    [Fact]
    public void A_file_for_writing_only_is_taken_as_it_is()
    {
        File.WriteAllText(Path, "cannot be read");
        using var appender = new LogAppender(LogFields.All);
        Assert.True(appender.Attach(File.OpenHandle(Path, FileMode.Open, FileAccess.Write)).Succeeded);
        appender.Append(Sample.Full4);
        Assert.True(appender.Flush().Succeeded);
        Assert.Equal([.. "cannot be read"u8, .. Sample.Write(Sample.Full4)], File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_full_disk_keeps_everything_for_later()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        using var appender = new LogAppender(LogFields.All, flushThreshold: 100);
        Assert.True(appender.Attach(File.OpenHandle("/dev/full", FileMode.Open, FileAccess.ReadWrite)).Succeeded);
        byte[] expected = [];
        for (ulong i = 0; i < 3000; i++)
        {
            FlowRecord record = Sample.Full4 with { Octets = i };
            appender.Append(record);
            expected = i % 1000 == 0 ? [.. expected, .. Sample.Write(record)] : expected;
            if (i % 1000 == 0)
            {
                LogFlushResult result = appender.Flush();
                Assert.Equal((28, "No space left on device"), (result.Errno, result.Message));
            }
        }

        Assert.True(appender.ShouldFlush);
        Assert.Equal((3000ul, 0ul, 3ul, 0ul), (appender.Counters.RecordsAppended, appender.Counters.RecordsDropped, appender.Counters.FailedFlushes, appender.Counters.BytesWritten));
        int held = appender.Capacity;

        Assert.True(appender.Attach(Open()).Succeeded);
        Assert.True(appender.Flush().Succeeded);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => (ulong)i), Sample.Read(File.ReadAllBytes(Path)).Records.Select(r => r.Octets));
        Assert.True(appender.Capacity < held, "the buffer stays large");
    }

    // A file system with room for part of a flush: what went in must come out again.
    [Fact]
    public void A_disk_that_fills_up_in_the_middle_of_a_write_loses_nothing()
    {
        Assert.SkipUnless(TryMount(_folder, "64k"), "needs the right to mount a small tmpfs");
        try
        {
            using var appender = new LogAppender(LogFields.All);
            Assert.True(appender.Attach(OpenAppending(Path)).Succeeded);
            byte[] first = AppendAndFlush(appender, 10, out LogFlushResult result);
            Assert.True(result.Succeeded);

            byte[] second = AppendAndFlush(appender, 2000, out result);
            Assert.Equal((28, "No space left on device"), (result.Errno, result.Message));
            byte[] fitted = File.ReadAllBytes(Path);
            byte[] all = [.. first, .. second];
            Assert.InRange(fitted.Length, 65536 - LogRecord.MaxLength, 65536); // what fits is kept, up to the last whole record
            Assert.Equal(0, fitted.Length % (first.Length / 10));
            Assert.Equal(all[..fitted.Length], fitted);

            Run("mount", "-o", "remount,size=2m", _folder);
            Assert.True(appender.Flush().Succeeded);
            Assert.Equal(all, File.ReadAllBytes(Path));
        }
        finally
        {
            Run("umount", _folder);
        }
    }

    [Fact]
    public void The_newest_are_dropped_and_counted_when_the_buffer_is_full()
    {
        int length = Sample.Write(Sample.Full4).Length;
        using var appender = new LogAppender(LogFields.All, budget: new BufferBudget(9 * length + LogRecord.MaxLength));
        for (ulong i = 0; i < 25; i++)
            appender.Append(Sample.Full4 with { Octets = i });

        Assert.Equal((10ul, 15ul), (appender.Counters.RecordsAppended, appender.Counters.RecordsDropped));
        Assert.False(appender.ShouldFlush);
        Assert.True(appender.Attach(Open()).Succeeded);
        Assert.True(appender.Flush().Succeeded);
        appender.Append(Sample.Full4 with { Octets = 99 });
        appender.Flush();
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 99], Sample.Read(File.ReadAllBytes(Path)).Records.Select(r => r.Octets));
    }

    [Fact]
    public void The_oldest_are_dropped_and_counted_when_that_is_wanted()
    {
        int length = Sample.Write(Sample.Full4).Length;
        using var appender = new LogAppender(LogFields.All, budget: new BufferBudget(40 * length + LogRecord.MaxLength)) { DropsOldest = true };
        for (ulong i = 0; i < 1000; i++)
            appender.Append(Sample.Full4 with { Octets = i });

        Assert.Equal(1000ul, appender.Counters.RecordsAppended);
        Assert.True(appender.Attach(Open()).Succeeded);
        Assert.True(appender.Flush().Succeeded);
        ulong[] kept = [.. Sample.Read(File.ReadAllBytes(Path)).Records.Select(r => r.Octets)];
        Assert.InRange(kept.Length, 30, 50);
        Assert.Equal(Enumerable.Range(0, kept.Length).Select(i => 1000 - (ulong)kept.Length + (ulong)i), kept);
        Assert.Equal(1000 - (ulong)kept.Length, appender.Counters.RecordsDropped);
    }

    // A log on a broken disk must not take the room of one that shares it to the last octet, but what both hold is bounded.
    [Fact]
    public void Logs_that_share_a_budget_hold_no_more_than_it_together()
    {
        var budget = new BufferBudget(20_000);
        using var one = new LogAppender(LogFields.All, budget: budget);
        using var other = new LogAppender(LogFields.All, budget: budget);
        for (int i = 0; i < 1000; i++)
        {
            one.Append(Sample.Full4);
            other.Append(Sample.Full4);
        }

        Assert.InRange(one.Pending + other.Pending, 18_000, 20_000);
        Assert.Equal(one.Pending + other.Pending, budget.Used);
        Assert.Equal(2000ul, one.Counters.RecordsAppended + one.Counters.RecordsDropped + other.Counters.RecordsAppended + other.Counters.RecordsDropped);
        one.Dispose();
        Assert.Equal(other.Pending, budget.Used);
        Assert.Equal(1000ul, one.Counters.RecordsDropped);
    }

    // What is written to a file without a name is gone when it is closed.
    [Fact]
    public void What_went_into_a_removed_file_goes_into_the_next_one()
    {
        using var appender = new LogAppender(LogFields.All) { IsRemoved = _ => !File.Exists(Path) };
        Assert.True(appender.Attach(Open()).Succeeded);
        AppendAndFlush(appender, 3, out LogFlushResult result);
        Assert.True(result.Succeeded);
        File.Delete(Path);

        byte[] kept = AppendAndFlush(appender, 2, out result);

        Assert.True(result.FileIsGone);
        Assert.Equal(kept.Length, appender.Pending);
        Assert.True(appender.Attach(Open()).Succeeded);
        Assert.True(appender.Flush().Succeeded);
        Assert.Equal(kept, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_pipe_gets_whole_records()
    {
        using var server = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        using var appender = new LogAppender(LogFields.All);
        Assert.True(appender.Attach(new SafeFileHandle(server.ClientSafePipeHandle.DangerousGetHandle(), ownsHandle: false)).Succeeded);
        byte[] expected = AppendAndFlush(appender, 300, out LogFlushResult result);
        Assert.Null(result.Message);
        var read = new byte[expected.Length];
        server.ReadExactly(read);
        Assert.Equal(expected, read);

        server.Dispose(); // the reader goes
        byte[] more = AppendAndFlush(appender, 2, out result);
        Assert.False(result.Succeeded);
        Assert.Equal(more.Length, appender.Pending);
    }

    [Fact]
    public void Records_wait_while_there_is_no_file()
    {
        File.WriteAllBytes(Path, []);
        using var appender = new LogAppender(LogFields.All);
        appender.Attach(Open());
        appender.Append(Sample.Full4);
        appender.Detach();
        Assert.True(appender.Flush().Succeeded);
        appender.Append(Sample.Full6);
        Assert.Empty(File.ReadAllBytes(Path));

        appender.Attach(Open());
        appender.Flush();
        Assert.Equal([.. Sample.Write(Sample.Full4), .. Sample.Write(Sample.Full6)], File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_file_that_someone_truncated_is_gone_on_with()
    {
        using var appender = new LogAppender(LogFields.All);
        appender.Attach(Open());
        AppendAndFlush(appender, 5, out _);
        File.WriteAllBytes(Path, []); // as copytruncate of logrotate(8) does
        byte[] after = AppendAndFlush(appender, 1, out _);
        Assert.Equal(after, File.ReadAllBytes(Path));
    }

    [Fact]
    public void Appending_and_flushing_allocate_nothing()
    {
        using var appender = new LogAppender(LogFields.All);
        appender.Attach(Open());
        AppendAndFlush(appender, 1000, out _);
        FlowRecord record = Sample.Full6;

        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                appender.Append(in record);
                if (i % 100 == 0)
                    appender.Flush();
            }
        }));
    }

    private static byte[] AppendAndFlush(LogAppender appender, int count, out LogFlushResult result)
    {
        var expected = new List<byte>();
        for (int i = 0; i < count; i++)
        {
            FlowRecord record = Sample.Full6 with { Octets = (ulong)i };
            appender.Append(record);
            expected.AddRange(Sample.Write(record));
        }

        result = appender.Flush();
        return [.. expected];
    }

    private void Refuses(byte[] content, LogError expected)
    {
        File.WriteAllBytes(Path, content);
        using var appender = new LogAppender(LogFields.All);
        using SafeFileHandle file = Open();
        Assert.Equal(new LogOpenResult(expected), appender.Attach(file));
        Assert.False(appender.IsAttached);
        Assert.False(file.IsClosed);
        Assert.Equal(content, File.ReadAllBytes(Path));
    }

    private SafeFileHandle Open(FileMode mode = FileMode.OpenOrCreate)
        => File.OpenHandle(Path, mode, mode == FileMode.Append ? FileAccess.Write : FileAccess.ReadWrite, FileShare.ReadWrite);

    private static SafeFileHandle OpenAppending(string path)
    {
        const int readWrite = 2, create = 0x40, append = 0x400;
        return new SafeFileHandle(open([.. System.Text.Encoding.UTF8.GetBytes(path), 0], readWrite | create | append, 0x180), ownsHandle: true);
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open(byte[] path, int flags, int mode);

    private static bool TryMount(string folder, string size) => Run("mount", "-t", "tmpfs", "-o", "size=" + size, "flowd-test", folder);

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
