using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Flowd.Tests;

/// <summary>What packaging/ holds, read by the programs that it is made for; and what scripts/install makes of it.</summary>
public sealed class PackagingTests : IDisposable
{
    private readonly string _root = RunningFlowd.NewFolder();

    [Fact]
    public void Install_puts_everything_in_its_place()
    {
        Install(_root, "/usr");

        string[] expected =
        [
            "bin/flowd-reader", "lib/systemd/system/flowd.service", "lib/systemd/system/flowd.socket", "lib/sysusers.d/flowd.conf",
            "lib/tmpfiles.d/flowd.conf", "libexec/flowd/flowd-metrics", "libexec/flowd/flowd-tcp", "libexec/flowd/flowd-worker",
            .. SizeTests.IsX64 ? ["libexec/flowd/x86-64-v4/flowd-reader", "libexec/flowd/x86-64-v4/flowd-worker"] : Array.Empty<string>(), "sbin/flowd", "share/doc/flowd/logrotate",
            "share/man/man5/flowd.conf.5", "share/man/man8/flowd-reader.8", "share/man/man8/flowd.8",
        ];
        IEnumerable<string> installed = Directory.GetFiles(_root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Path.Combine(_root, "usr"), file));
        Assert.Equal(expected, installed.Order(StringComparer.Ordinal));
        string unit = File.ReadAllText(Path.Combine(_root, "usr/lib/systemd/system/flowd.service"));
        Assert.Contains("\nExecStart=/usr/sbin/flowd -g\n", unit, StringComparison.Ordinal); // the place without DESTDIR
        Assert.DoesNotContain("@SBINDIR@", unit, StringComparison.Ordinal);
        Assert.Equal(0, Tool.Run(Path.Combine(_root, "usr/sbin/flowd"), "-V").Status);
    }

    [Fact]
    public void The_installed_flowd_finds_its_other_half()
    {
        Install(_root, "");

        string configuration = Path.Combine(SharedData.RepositoryRoot, "examples/flowd.conf");

        Assert.Equal(0, Tool.Run(Path.Combine(_root, "sbin/flowd"), [.. RunningFlowd.Insecure, "-n", "-f", configuration]).Status);
    }

    [Fact]
    public void Systemd_understands_the_units()
    {
        string systemdAnalyze = Tool.Installed("systemd-analyze");
        Install("", _root); // where the programs are looked for
        string units = Path.Combine(_root, "lib/systemd/system");

        ToolResult verify = Tool.Run(systemdAnalyze, "verify", "--man=no", Path.Combine(units, "flowd.service"), Path.Combine(units, "flowd.socket"));

        Assert.Equal("", Complaints(verify));
    }

    [Fact]
    public void Systemd_makes_the_account_and_the_folders()
    {
        string sysusers = Tool.Installed("systemd-sysusers");
        string tmpfiles = Tool.Installed("systemd-tmpfiles");
        if (!RunningFlowd.IsRoot)
            Assert.Skip("needs root");
        Install(_root, "/usr");
        Directory.CreateDirectory(Path.Combine(_root, "etc"));
        Directory.CreateDirectory(Path.Combine(_root, "var"));

        Assert.Equal(0, Tool.Run(sysusers, $"--root={_root}").Status);
        Assert.Equal("", Complaints(Tool.Run(tmpfiles, $"--root={_root}", "--create", "flowd.conf")));

        string account = File.ReadAllText(Path.Combine(_root, "etc/passwd"));
        Assert.Matches("^_flowd:[^:]*:[1-9][0-9]*:[1-9][0-9]*:flow collector:/var/empty:/usr/sbin/nologin\n", account);
        Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode(Path.Combine(_root, "var/empty"))); // 0755
        Assert.Equal((UnixFileMode)0x1C0, File.GetUnixFileMode(Path.Combine(_root, "var/lib/flowd"))); // 0700
    }

    [Fact]
    public void Logrotate_understands_its_file_and_its_signal_rotates()
    {
        string logrotate = Tool.Installed("logrotate");
        using RunningFlowd flowd = RunningFlowd.Start();
        flowd.Send(Exports.Numbered(1));
        flowd.WaitForRecords(1);
        string rules = Path.Combine(_root, "rules");
        File.WriteAllText(rules, File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "packaging/logrotate"))
            .Replace("/var/log/flowd.log", flowd.LogPath, StringComparison.Ordinal)
            .Replace("/var/run/flowd.pid", flowd.PidPath, StringComparison.Ordinal));
        File.SetUnixFileMode(rules, (UnixFileMode)0x1A4); // 0644

        ToolResult rotation = Tool.Run(logrotate, "--force", "--state", Path.Combine(_root, "state"), rules);

        Assert.Equal("", Complaints(rotation));
        flowd.Until(() => File.Exists(flowd.LogPath), () => flowd.Messages, mayEnd: false);
        flowd.Send(Exports.Numbered(2));
        Assert.Equal(2u, Assert.Single(flowd.WaitForRecords(1)).Sequence);
        Assert.Equal(1u, Assert.Single(RunningFlowd.ReadLog(flowd.LogPath + ".1")).Sequence);
    }

    [Fact]
    public void The_rights_that_the_unit_leaves_are_enough()
    {
        string setpriv = Tool.Installed("setpriv");
        const string directive = "CapabilityBoundingSet=";
        string unit = Path.Combine(SharedData.RepositoryRoot, "packaging/systemd/flowd.service");
        string[] rights = File.ReadLines(unit).Single(line => line.StartsWith(directive, StringComparison.Ordinal))[directive.Length..].Split(' ');
        string kept = string.Join(',', rights.Select(right => "+" + right["CAP_".Length..].ToLowerInvariant()));
        using var accounts = new PrivateAccounts();
        string[] limits = ["prlimit", "--nofile=8192", "--core=0"];
        string[] wrapper = accounts.Wrapper([setpriv, $"--bounding-set=-all,{kept}", "--inh-caps=-all", "--no-new-privs", .. limits]);

        using RunningFlowd flowd = RunningFlowd.Launch("sandbox required\nstore ALL", folder: null, wrapper, []);
        flowd.WaitFor("listening on");
        flowd.Send(Exports.Numbered(1));
        flowd.WaitForRecords(1);
        Processes.Signal(Assert.Single(flowd.Children()), "KILL"); // the monitor reaps it, and starts another
        flowd.WaitFor("starting another");
        flowd.Send(Exports.Numbered(2));
        flowd.WaitForRecords(2);
        flowd.Signal("HUP");
        flowd.WaitFor("the new configuration is in force");

        Assert.Equal(0, flowd.Stop());
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string Complaints(ToolResult result)
        => result.Status == 0 ? result.Errors : $"status {result.Status}: {result.Output}{result.Errors}";

    private static void Install(string destination, string prefix)
    {
        string script = Path.Combine(SharedData.RepositoryRoot, "scripts/install");
        string published = Path.Combine(SharedData.RepositoryRoot, "artifacts/dist");
        Assert.Equal("", Complaints(Tool.Run("/bin/sh", script, published, destination, prefix)));
    }
}
