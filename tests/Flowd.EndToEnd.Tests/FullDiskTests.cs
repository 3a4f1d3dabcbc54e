using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;

namespace Flowd.Tests;

/// <summary>Flows are kept, or counted, while a disk is full. Root only, for a small file system. FLOWD_TEST_SECONDS makes it longer.</summary>
public partial class FullDiskTests
{
    private static readonly int Seconds = DurabilityTests.Setting("FLOWD_TEST_SECONDS", 10);

    // A file system that somebody fills up and empties again while flows come.
    [Theory]
    [InlineData("", true)]
    [InlineData("buffer 64K", false)]
    [InlineData("buffer 64K drop oldest", false)]
    public void A_disk_that_is_full_now_and_then_costs_what_is_counted(string line, bool isAllStored)
    {
        string folder = DurabilityTests.PrepareFolder();
        string disk = RunningFlowd.NewFolder();
        Assert.SkipUnless(Tool.Run("mount", "-t", "tmpfs", "-o", "size=64m", "none", disk).Status == 0, "needs the right to mount");
        try
        {
            using RunningFlowd flowd = RunningFlowd.Start($"listen on 127.0.0.1:{{port}} bufsize 67108864\nlogfile \"{disk}/log\"\n{line}", folder);
            using var stream = new NumberedStream(flowd.Port, perSecond: 4000);
            for (int i = 0; i < 20; i++)
            {
                Thread.Sleep(Seconds * 10);
                Fill(Path.Combine(disk, "ballast"));
                Thread.Sleep(Seconds * 20);
                File.Delete(Path.Combine(disk, "ballast"));
            }

            uint sent = stream.Finish();
            for (int i = 0; i < 200 && (RunningFlowd.ReadLog(Path.Combine(disk, "log")) is not [.., var last] || last.Sequence != sent); i++)
            {
                flowd.Send(Exports.Numbered(++sent));
                Thread.Sleep(100);
            }

            flowd.Signal("USR2");
            flowd.WaitFor("messages suppressed");
            Assert.Equal(0, flowd.Stop());
            uint[] stored = [.. RunningFlowd.ReadLog(Path.Combine(disk, "log")).Select(record => record.Sequence)];
            ulong lost = ulong.Parse(Lost().Matches(flowd.Messages)[^1].Groups[1].Value, CultureInfo.InvariantCulture); // of the statistics
            TestContext.Current.TestOutputHelper?.WriteLine($"{sent} sent, {stored.Length} stored, {lost} lost");
            Assert.Equal(stored.Order(), stored);
            Assert.Equal(sent, (ulong)stored.Length + lost);
            Assert.Equal(isAllStored, lost == 0);
        }
        finally
        {
            Tool.Run("umount", disk);
            Directory.Delete(disk);
        }
    }

    // Neither the rest of the old file can be written nor the next one be made, and then both can.
    [Fact]
    public void A_disk_that_is_full_when_the_file_changes_costs_nothing()
    {
        string folder = DurabilityTests.PrepareFolder();
        string disk = RunningFlowd.NewFolder();
        Assert.SkipUnless(Tool.Run("mount", "-t", "tmpfs", "-o", "size=32m,nr_inodes=64", "none", disk).Status == 0, "needs the right to mount");
        try
        {
            using RunningFlowd flowd = RunningFlowd.Start($"listen on 127.0.0.1:{{port}} bufsize 67108864\nlogfile \"{disk}/%s\" rotate 1s align", folder);
            using var stream = new NumberedStream(flowd.Port, perSecond: 4000);
            for (int i = 0; i < 6; i++)
            {
                Thread.Sleep(700);
                Fill(Path.Combine(disk, "ballast"));
                FillInodes(Path.Combine(disk, "inodes"));
                Thread.Sleep(2300);
                File.Delete(Path.Combine(disk, "ballast"));
                Directory.Delete(Path.Combine(disk, "inodes"), recursive: true);
            }

            uint sent = stream.Finish();
            Thread.Sleep(3000);
            Assert.Equal(0, flowd.Stop());
            List<uint> stored = StoredSequences.In(disk);
            TestContext.Current.TestOutputHelper?.WriteLine($"{sent} sent, {stored.Count} stored in {Directory.GetFiles(disk).Length} files");
            Assert.Equal(Enumerable.Range(1, (int)sent).Select(number => (uint)number), stored.Order());
        }
        finally
        {
            Tool.Run("umount", disk);
            Directory.Delete(disk);
        }
    }

    private static void Fill(string path)
    {
        using FileStream ballast = File.Create(path, bufferSize: 1);
        try
        {
            for (byte[] block = new byte[4096]; ;)
                ballast.Write(block);
        }
        catch (IOException)
        {
            // full
        }
    }

    private static void FillInodes(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            for (int i = 0; ; i++)
                File.Create(Path.Combine(folder, $"{i}"), bufferSize: 1).Dispose();
        }
        catch (IOException)
        {
            // none left
        }
    }

    [GeneratedRegex("log: .*?(\\d+) records lost")]
    private static partial Regex Lost();
}
