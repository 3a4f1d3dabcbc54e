using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Flowd.Platform;

namespace Flowd.Tests;

/// <summary>What the kernel says of flowd's children, thread by thread, and what they hold open. Needs root.</summary>
public sealed class SandboxStatusTests : IDisposable
{
    private const int Filter = 2;

    private readonly AttackSite _site = new();

    [Fact]
    public void Every_thread_of_the_worker_is_locked_in()
    {
        using RunningFlowd flowd = _site.StartTrue();
        flowd.Send(Exports.Numbered(1));
        flowd.WaitForRecords(1);
        int worker = Assert.Single(flowd.Children());

        CheckLockedIn(worker);
        CheckDescriptors(RunningFlowd.DescriptorsOf(worker).Values, [flowd.LogPath], sockets: 2);
    }

    [Fact]
    public void Every_thread_of_the_metrics_process_is_locked_in()
    {
        int port = FreePort.Take();
        using RunningFlowd flowd = _site.StartTrue($"metrics on 127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}\nstore ALL");
        flowd.WaitFor("metrics on");
        int server = flowd.ChildOf("metrics");
        using (var client = new System.Net.Sockets.TcpClient("127.0.0.1", port)) // its threads come with its clients
            client.GetStream().Write("GET /metrics HTTP/1.0\r\n\r\n"u8);

        IReadOnlyList<ProcessStatus> threads = ProcessStatus.OfThreads(server);
        Assert.True(threads.Count > 2);
        Assert.All(threads, CheckLockedIn);
        Assert.Equal(_site.Home, new FileInfo($"/proc/{server}/root").LinkTarget);
        Assert.DoesNotContain(RunningFlowd.DescriptorsOf(server).Values, target => target.StartsWith('/') && !IsHarmless(target));
    }

    [Fact]
    public void Every_thread_of_the_process_that_takes_connections_is_locked_in()
    {
        var authority = new TestCertificates(Path.GetDirectoryName(_site.Home)!);
        (string certificate, string key) = authority.Make("collector");
        int port = FreePort.Take();
        using RunningFlowd flowd = _site.StartTrue($"listen on 127.0.0.1:{{port}} tcp\nlisten on 127.0.0.1:{port} tls certificate \"{certificate}\" key \"{key}\" clients any\nstore ALL");
        using var peer = new Peer(flowd.Port); // its threads come with its peers
        peer.Send(IpfixMessages.Template(), IpfixMessages.Flow(1));
        flowd.WaitForRecords(1);
        int server = flowd.ChildOf("tcp");

        IReadOnlyList<ProcessStatus> threads = ProcessStatus.OfThreads(server);
        Assert.True(threads.Count > 2);
        Assert.All(threads, CheckLockedIn);
        Assert.Equal(_site.Home, new FileInfo($"/proc/{server}/root").LinkTarget);
        Assert.DoesNotContain(RunningFlowd.DescriptorsOf(server).Values, target => target.StartsWith('/') && !IsHarmless(target));
    }

    [Fact]
    public void Every_thread_of_the_parser_is_locked_in()
    {
        using RunningFlowd flowd = _site.StartTrue();
        int worker = Assert.Single(flowd.Children());
        string configuration = File.ReadAllText(flowd.ConfigurationPath);
        File.Delete(flowd.ConfigurationPath);
        Tool.Run(Tool.Installed("mkfifo"), flowd.ConfigurationPath);
        flowd.Signal("HUP");

        int parser = 0;
        using (var writer = new StreamWriter(new FileStream(flowd.ConfigurationPath, FileMode.Open, FileAccess.Write)))
        {
            // It waits for the rest of the configuration, as long as we hold the pipe open. It is locked in before it reads.
            flowd.Until(() => (parser = flowd.Children().SingleOrDefault(id => id != worker)) != 0, () => "no parser", mayEnd: false);
            flowd.Until(() => ProcessStatus.OfThreads(parser) is { Count: > 0 } threads && threads.All(thread => thread.Seccomp == Filter), () => "no filter", mayEnd: false);
            CheckLockedIn(parser);
            CheckDescriptors(RunningFlowd.DescriptorsOf(parser).Values, [flowd.ConfigurationPath], sockets: 1);
            writer.Write(configuration);
        }

        flowd.WaitFor("the new configuration is in force");
        Assert.Empty(ProcessStatus.OfThreads(parser));
    }

    public void Dispose() => _site.Dispose();

    private void CheckLockedIn(int process)
    {
        IReadOnlyList<ProcessStatus> threads = ProcessStatus.OfThreads(process);
        Assert.Equal(2, threads.Count); // main, and the one that runs finalizers
        Assert.All(threads, CheckLockedIn);
        Assert.Equal(_site.Home, new FileInfo($"/proc/{process}/root").LinkTarget);
        Assert.Equal(["0", "0"], LimitOf(process, "Max processes"));
        Assert.Equal(["0", "0"], LimitOf(process, "Max core file size"));
    }

    private static void CheckLockedIn(ProcessStatus thread)
    {
        uint[] ids = [AttackSite.Uid, AttackSite.Uid, AttackSite.Uid, AttackSite.Uid];
        Assert.Equal(ids, thread.Uid);
        Assert.Equal(ids, thread.Gid);
        Assert.Equal([AttackSite.Uid], thread.Groups);
        Assert.Equal(0ul, thread.CapEff | thread.CapPrm | thread.CapInh | thread.CapAmb | thread.CapBnd);
        Assert.True(thread.NoNewPrivs);
        Assert.Equal(Filter, thread.Seccomp);
    }

    private static bool IsHarmless(string target)
        => target is "/dev/null" or "/dev/urandom" || target.StartsWith("/memfd:flowd", StringComparison.Ordinal);

    // Besides: null devices, standard error, the random numbers of the runtime, and memory files of the monitor.
    private static void CheckDescriptors(IEnumerable<string> open, string[] files, int sockets)
    {
        List<string> rest = [.. open.Where(target => !IsHarmless(target))];
        Assert.Equal(sockets, rest.RemoveAll(target => target.StartsWith("socket:", StringComparison.Ordinal)));
        Assert.Equal(1, rest.RemoveAll(target => target.StartsWith("pipe:", StringComparison.Ordinal))); // standard error of the test
        Assert.Equal(files, rest);
    }

    private static string[] LimitOf(int process, string name)
    {
        string line = File.ReadLines($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/limits").Single(line => line.StartsWith(name, StringComparison.Ordinal));
        return [.. line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2)];
    }
}
