using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;

namespace Flowd.Tests;

/// <summary>What flowd tells a service manager, sd_notify(3); the test plays systemd.</summary>
public sealed class ServiceManagerTests : IDisposable
{
    private static readonly Regex StoresFlows = new("^WATCHDOG=1\nSTATUS=storing [1-9][0-9]* flows/s$");

    private readonly string _folder = RunningFlowd.NewFolder();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ready_reload_and_stop_are_said(bool isAbstract)
    {
        using DatagramInbox manager = Manager(isAbstract);
        using RunningFlowd flowd = Launch(manager);

        int ready = manager.WaitFor("READY=1");
        flowd.Send(Exports.Numbered(1)); // would be refused if nobody listened
        Assert.Contains($"MAINPID={flowd.Id}", manager.Messages[ready].Split('\n'));
        Assert.Equal(0, ready);
        flowd.WaitForRecords(1);
        CheckReload(manager, () => flowd.Reconfigure("store ALL\naccept tag 1 all"));
        CheckReload(manager, () => flowd.Reconfigure("store NONSENSE"));
        Assert.Contains("stays in force", manager.Messages[^1], StringComparison.Ordinal);

        Assert.Equal(0, flowd.Stop());
        Assert.Equal(manager.Messages.Length - 1, manager.WaitFor("STOPPING=1"));
    }

    [Fact]
    public void Nobody_is_told_that_a_flowd_is_ready_that_is_not()
    {
        using DatagramInbox manager = Manager(isAbstract: true);
        const string configuration = "logfile \"/nonexistent/log\"\nstore ALL";
        using RunningFlowd flowd = RunningFlowd.Launch(configuration, folder: null, Environment(manager), RunningFlowd.Insecure);

        Assert.Equal(1, flowd.WaitForExit());
        Assert.Empty(manager.Messages);
    }

    [Fact]
    public void The_watchdog_is_fed_by_the_worker_and_by_no_timer()
    {
        using DatagramInbox manager = Manager(isAbstract: true);
        using RunningFlowd flowd = Launch(manager, "WATCHDOG_USEC=200000");
        flowd.WaitFor("listening on");
        int worker = Assert.Single(flowd.Children());
        flowd.Send(Enumerable.Range(1, 20).Select(i => Exports.Numbered((uint)i)));
        WaitForMore(manager);
        Assert.Contains(manager.Messages, message => StoresFlows.IsMatch(message));

        Processes.Freeze(worker);
        Thread.Sleep(100); // what the worker had said before is on its way
        int fed = manager.Count("WATCHDOG=1");
        Thread.Sleep(400); // twice the interval of the watchdog
        Assert.Equal(fed, manager.Count("WATCHDOG=1"));

        Processes.Signal(worker, "CONT");
        WaitForMore(manager);
    }

    [Fact]
    public void The_watchdog_of_another_process_is_not_fed()
    {
        using DatagramInbox manager = Manager(isAbstract: true);
        using RunningFlowd flowd = Launch(manager, "WATCHDOG_USEC=20000", "WATCHDOG_PID=1");

        manager.WaitFor(message => message.StartsWith("STATUS=storing", StringComparison.Ordinal), "status"); // so there was an answer of the worker
        Assert.Equal(0, manager.Count("WATCHDOG=1"));
    }

    [Fact]
    public void Children_learn_nothing_of_the_service_manager()
    {
        if (!RunningFlowd.IsRoot)
            Assert.Skip("needs root");
        using DatagramInbox manager = Manager(isAbstract: true);
        using RunningFlowd flowd = Launch(manager, "WATCHDOG_USEC=1000000", "LISTEN_FDS=0", "JOURNAL_STREAM=1:2", "SECRET=x", "TZ=UTC");
        flowd.WaitFor("listening on");

        string[] variables = File.ReadAllText($"/proc/{Assert.Single(flowd.Children()).ToString(CultureInfo.InvariantCulture)}/environ").Split('\0');

        Assert.Contains("TZ=UTC", variables);
        Assert.All(variables, variable => Assert.Matches("^$|^TZ|^DOTNET_", variable));
    }

    [Fact]
    public void A_service_manager_that_is_not_there_is_no_hindrance()
    {
        using RunningFlowd flowd = RunningFlowd.StartUnder(["/usr/bin/env", $"NOTIFY_SOCKET={_folder}/nobody"]);

        Assert.Contains($"NOTIFY_SOCKET {_folder}/nobody: ", flowd.Messages, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string[] Environment(DatagramInbox manager, params IEnumerable<string> variables)
        => ["/usr/bin/env", $"NOTIFY_SOCKET={manager.Name}", .. variables];

    private static RunningFlowd Launch(DatagramInbox manager, params string[] variables) => RunningFlowd.LaunchUnder(Environment(manager, variables));

    private static void WaitForMore(DatagramInbox manager)
    {
        int before = manager.Count("WATCHDOG=1");
        bool isFed = SpinWait.SpinUntil(() => manager.Count("WATCHDOG=1") >= before + 5, TimeSpan.FromSeconds(20));
        Assert.True(isFed, string.Join('\n', manager.Messages));
    }

    private static void CheckReload(DatagramInbox manager, Action reload)
    {
        int before = manager.Messages.Length;
        reload();
        int reloading = manager.WaitFor("RELOADING=1", before);
        Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]*$", manager.Messages[reloading]);
        Assert.True(manager.WaitFor("READY=1", before) > reloading);
    }

    private DatagramInbox Manager(bool isAbstract) => new(isAbstract ? $"@{Path.GetFileName(_folder)}" : Path.Combine(_folder, "notify"));
}
