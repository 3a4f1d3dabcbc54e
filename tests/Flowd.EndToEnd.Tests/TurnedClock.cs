using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

namespace Flowd.Tests;

/// <summary>A clock that a test turns while flowd runs by it: for it and its children, by a library that is preloaded into each.</summary>
internal sealed class TurnedClock : IDisposable
{
    private readonly string _folder = RunningFlowd.NewFolder();
    private readonly string _file;
    private readonly string _zone;

    /// <param name="zone">The time zone that flowd is in.</param>
    public TurnedClock(string zone)
    {
        _zone = zone;
        _file = Path.Combine(_folder, "seconds");
        File.WriteAllBytes(_file, new byte[8]);
        string library = Path.Combine(_folder, "clock.so");
        ToolResult compiled = Tool.Run(Compiler(), "-shared", "-fPIC", "-O1", "-o", library, Path.Combine(AppContext.BaseDirectory, "clock.c"), "-ldl");
        Assert.True(compiled.Status == 0, compiled.Errors);
        File.SetUnixFileMode(_folder, (UnixFileMode)0x1ED); // 0755: flowd's user loads it
        WriteScript("flowd", $"exec env LD_PRELOAD={library} CLOCK={_file} TZ={zone} {_folder}/flowd.real \"$@\"");
        File.Copy(Tool.Published("flowd"), Path.Combine(_folder, "flowd.real"));
        WriteScript("flowd-worker", $"exec env LD_PRELOAD={library} CLOCK={_file} {Tool.Published("flowd-worker")} \"$@\"");
    }

    /// <summary>A command for <see cref="RunningFlowd.LaunchUnder"/>.</summary>
    public string[] Wrapper => RunningFlowd.Instead(Path.Combine(_folder, "flowd"));

    /// <summary>Makes it that time, in the zone's local time or with an offset of its own; it goes on from there.</summary>
    public void Set(string time) => Turn(Seconds(time));

    /// <summary>Back to the machine's time.</summary>
    public void Reset() => Turn(0);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Compiler()
        => new[] { "clang", "gcc" }.FirstOrDefault(name => Tool.Run("/bin/sh", "-c", $"command -v {name}").Status == 0) is { } found ? Tool.Installed(found) : Tool.Installed("cc");

    private long Seconds(string time)
    {
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(_zone);
        DateTime parsed = DateTime.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        DateTime utc = parsed.Kind == DateTimeKind.Utc ? parsed : TimeZoneInfo.ConvertTimeToUtc(parsed, zone);
        Thread.Sleep(1000 - DateTime.UtcNow.Millisecond); // it is turned by whole seconds, and is to begin with the second that is named
        return (utc.Ticks - DateTime.UtcNow.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond) / TimeSpan.TicksPerSecond;
    }

    // In place, for it is mapped.
    private void Turn(long seconds)
    {
        using FileStream file = File.OpenWrite(_file);
        file.Write(BitConverter.GetBytes(seconds));
    }

    private void WriteScript(string name, string line)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{line}\n");
        File.SetUnixFileMode(path, (UnixFileMode)0x1ED);
    }
}
