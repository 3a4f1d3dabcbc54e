using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Flowd.Records;
using AddressFamily = System.Net.Sockets.AddressFamily;

namespace Flowd.Tests;

/// <summary>
/// Sockets that somebody else holds, sd_listen_fds(3): what arrives before flowd runs, or between one flowd and the next, is not lost.
/// </summary>
public class SocketActivationTests
{
    private const string BothFamilies = "listen on 127.0.0.1:{port}\nlisten on [::1]:{port}\nstore ALL";

    [Fact]
    public void What_arrived_before_the_start_is_stored()
    {
        int port = FreePort.Take();
        using RunningFlowd flowd = Launch(BothFamilies, port, "--wait", $"udp,127.0.0.1,{port}", $"udp,::1,{port}");
        flowd.WaitFor("holding");

        flowd.SendTo(IPAddress.Loopback, [.. Enumerable.Range(0, 100).Select(i => Exports.Numbered((uint)i))]);
        Assert.DoesNotContain("listening on", flowd.Messages, StringComparison.Ordinal); // it waits for the other socket too
        flowd.SendTo(IPAddress.IPv6Loopback, [.. Enumerable.Range(100, 100).Select(i => Exports.Numbered((uint)i))]);

        List<FlowRecord> records = flowd.WaitForRecords(200);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (uint)i), records.Select(record => record.Sequence).Order());
        Assert.All(records, record => Assert.Equal(record.Sequence < 100 ? "127.0.0.1" : "::1", record.AgentAddress.ToString()));
        Assert.DoesNotContain("was passed to flowd", flowd.Messages, StringComparison.Ordinal);
        Assert.Equal(0, flowd.Stop());
    }

    [Fact]
    public void Restarts_under_a_steady_stream_lose_nothing()
    {
        const int Datagrams = 2000;
        int port = FreePort.Take();
        using RunningFlowd flowd = Launch("listen on 127.0.0.1:{port}\nstore ALL", port, $"udp,127.0.0.1,{port}");
        flowd.WaitFor("listening on");
        int sent = 0;
        var sender = new Thread(Send);
        sender.Start();
        for (int start = 2; start <= 3; start++)
        {
            int goal = (start - 1) * Datagrams / 4;
            SpinWait.SpinUntil(() => sent >= goal);
            Processes.Signal(Assert.Single(flowd.Children()), "TERM");
            flowd.WaitFor("listening on", times: start);
        }

        sender.Join();

        flowd.WaitForRecords(Datagrams);
        Assert.Equal(0, flowd.Stop());
        Assert.Equal(Enumerable.Range(0, Datagrams).Select(i => (uint)i), RunningFlowd.ReadLog(flowd.LogPath).Select(record => record.Sequence));

        void Send()
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            for (; sent < Datagrams; sent++)
            {
                socket.SendTo(Exports.Numbered((uint)sent), new IPEndPoint(IPAddress.Loopback, port));
                if (sent % 4 == 0)
                    Thread.Sleep(1);
            }
        }
    }

    [Theory]
    [InlineData("udp,127.0.0.1,0", @"asks for: \[127.0.0.1\]:[0-9]+; closed")]
    [InlineData("tcp,127.0.0.1,0", @"asks for: \[127.0.0.1\]:[0-9]+ tcp; closed")]
    [InlineData("unix,{dir},0", "asks for: neither of UDP nor listening for TCP; closed")]
    public void A_socket_that_nobody_asked_for_is_closed(string spec, string expected)
    {
        string folder = RunningFlowd.NewFolder();
        using RunningFlowd flowd = Launch("store ALL", FreePort.Take(), spec.Replace("{dir}", folder + "/socket", StringComparison.Ordinal));
        flowd.WaitFor("listening on");

        Assert.Matches(expected, flowd.Messages);
        string held = Assert.Single(RunningFlowd.DescriptorsOf(flowd.Id).Values, target => target.StartsWith("socket:", StringComparison.Ordinal));
        Assert.DoesNotContain(held, RunningFlowd.DescriptorsOf(Assert.Single(flowd.Children())).Values);
        flowd.Send(Exports.Numbered(1));
        flowd.WaitForRecords(1);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Sockets_for_another_process_are_left_alone()
    {
        int port = FreePort.Take();
        using RunningFlowd flowd = Launch("listen on 127.0.0.1:{port}\nstore ALL", port, "--other", $"udp,127.0.0.1,{port}");

        flowd.WaitFor("listen on [127.0.0.1]"); // it is in use: the holder has it

        Assert.NotEqual(0, flowd.WaitForExit());
        Assert.DoesNotContain("was passed to flowd", flowd.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_of_sockets_that_are_not_there_is_no_hindrance()
    {
        const string twoButOne = "export LISTEN_FDS=2 LISTEN_PID=$$; exec 3</dev/null; exec \"$@\"";
        using RunningFlowd flowd = RunningFlowd.StartUnder(["/bin/sh", "-c", twoButOne, "sh"]);

        Assert.Contains("asks for: neither of UDP nor listening for TCP; closed", flowd.Messages, StringComparison.Ordinal);
        flowd.Send(Exports.Numbered(1));
        flowd.WaitForRecords(1);
    }

    [Fact]
    public void Systemd_socket_activate_starts_it()
    {
        int port = FreePort.Take();
        string address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        string[] wrapper = [Tool.Installed("systemd-socket-activate"), "--datagram", "-l", address];
        using RunningFlowd flowd = RunningFlowd.Launch("listen on 127.0.0.1:{port}\nstore ALL", folder: null, wrapper, RunningFlowd.Insecure, port);
        flowd.WaitFor("Listening on");

        flowd.Send(Exports.Numbered(1), Exports.Numbered(2));

        Assert.Equal([1u, 2u], flowd.WaitForRecords(2).Select(record => record.Sequence));
        Assert.Equal(0, flowd.Stop());
    }

    private static RunningFlowd Launch(string configuration, int port, params string[] holder)
        => RunningFlowd.Launch(configuration, folder: null, [.. Script.Python("holder.py", holder), "--"], RunningFlowd.Insecure, port);
}
