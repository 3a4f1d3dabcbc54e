using System;
using System.Diagnostics;
using System.IO;

namespace Flowd.Tests;

/// <summary>Children that were taken over: whatever they say, or do not say, the monitor goes on or ends in order, and opens nothing for them.</summary>
public class ChannelTests
{
    // Descriptor 3 is the channel; the numbers are those of MessageType. Without misbehaviour it is the real one.
    private const string Child = """
        #!/usr/bin/env python3
        import array, os, socket, struct, sys, time
        channel = socket.socket(fileno=3)
        LISTEN, PIDFILE, PARSED, STOP, OPENLOG, READY, SANDBOXED, PROGRESS, SNAPSHOT = 3, 8, 10, 24, 14, 20, 29, 32, 35

        def message(kind):
            return struct.pack(">BxxxI", kind, 0) + bytes(32 if kind == OPENLOG else 0)

        def setting(kind, number=0, text=b""):
            head = struct.pack(">BBHI4s12xH6x", kind, 4, 9, number, b"\x7f\0\0\1", len(text))
            return (head + text).ljust(32 + 4096, b"\0")

        def receive():
            return array.array("i", channel.recvmsg(64, 64)[1][0][2])[0]

        if "--" + ROLE not in sys.argv:
            os.execv(REAL, sys.argv)
        BEGINNING
        if ROLE == "parse":
            receive()
            bound = receive()
        MISBEHAVIOUR
        time.sleep(60)
        """;

    [Theory]
    [InlineData("network", "channel.shutdown(socket.SHUT_RDWR)")]
    [InlineData("network", "channel.send(b'')")]
    [InlineData("network", "channel.send(bytes(7))")]
    [InlineData("network", "channel.send(bytes(100000))")]
    [InlineData("network", "channel.send(message(STOP))")]
    [InlineData("network", "channel.send(setting(PIDFILE, 0, b'/tmp/no'))")]
    [InlineData("network", "channel.sendmsg([message(OPENLOG)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [0] * 4))])")]
    [InlineData("network", "channel.sendmsg([message(OPENLOG)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [0] * 253))])")]
    [InlineData("parse", "channel.shutdown(socket.SHUT_RDWR)")]
    [InlineData("parse", "channel.send(setting(LISTEN, 0xFFFFFFFF)); channel.send(setting(PARSED, 1))")]
    [InlineData("parse", "channel.send(setting(PIDFILE)); channel.send(setting(PARSED, 1))")]
    [InlineData("parse", "os.ftruncate(bound, 1 << 40); channel.send(setting(PARSED, 1))")]
    [InlineData("parse", "[channel.send(setting(LISTEN)) for _ in range(2000)]")]
    public void A_child_that_breaks_the_rules_at_the_start_ends_the_start(string role, string misbehaviour)
    {
        using var flowd = RunningFlowd.LaunchUnder(RunningFlowd.Instead(Copy(role, misbehaviour)));

        Assert.Equal(1, flowd.WaitForExit());
        Assert.DoesNotContain("   at ", flowd.Messages, StringComparison.Ordinal); // no stack trace
    }

    [Theory]
    [InlineData("channel.shutdown(socket.SHUT_RDWR)", "signal 9")]
    [InlineData("channel.send(bytes(7))", "BadLength")]
    [InlineData("channel.send(struct.pack('>BxxxI', SANDBOXED, 0xFFFFFFFF))", "not locked in as it says")]
    [InlineData("[channel.send(message(OPENLOG)) for _ in range(1000)]", "too many requests")]
    [InlineData("[channel.send(message(PROGRESS)) for _ in range(1000)]", "too many requests")]
    public void A_worker_that_breaks_the_rules_later_is_replaced(string misbehaviour, string message)
    {
        using var flowd = RunningFlowd.StartUnder(RunningFlowd.Instead(Copy("network", $"channel.send(message(SANDBOXED)); channel.send(message(READY)); {misbehaviour}")));

        flowd.WaitFor(message, times: 2);

        flowd.Signal("TERM");
        Assert.InRange(flowd.WaitForExit(), 0, 1);
    }

    [Theory]
    [InlineData("import fcntl; fcntl.fcntl(bound, 1033, 1)")] // F_ADD_SEALS, F_SEAL_SEAL
    public void A_parser_that_breaks_the_rules_at_a_reload_leaves_all_as_it_was(string misbehaviour)
    {
        string first = "os.path.exists(__file__ + '.again') or (open(__file__ + '.again', 'w').close(), os.execv(REAL, sys.argv))";
        string wrapper = Copy("parse", $"{misbehaviour}; channel.send(setting(PARSED, 1))", first);
        using var flowd = RunningFlowd.StartUnder(RunningFlowd.Instead(wrapper));

        flowd.Signal("HUP");
        flowd.WaitFor("the configuration in force stays in force");

        Assert.Equal(0, flowd.Stop());
    }

    [Fact]
    public void A_worker_that_does_not_say_how_it_is_locked_in_gets_nothing()
    {
        using var flowd = RunningFlowd.LaunchUnder(RunningFlowd.Instead(Copy("network", "channel.send(message(OPENLOG))")));

        Assert.Equal(1, flowd.WaitForExit());
        Assert.Contains("it says nothing of its sandbox", flowd.Messages, StringComparison.Ordinal);
        Assert.False(File.Exists(flowd.LogPath));
    }

    [Fact]
    public void A_worker_that_does_not_read_is_replaced_and_keeps_nobody_waiting()
    {
        using var flowd = RunningFlowd.StartUnder(RunningFlowd.Instead(Copy("network", "channel.send(message(SANDBOXED)); channel.send(message(READY))")));
        const string complaint = "it does not read what it is told";
        for (int i = 0; i < 4000 && !flowd.Messages.Contains(complaint, StringComparison.Ordinal); i++)
            flowd.Signal("USR1"); // each is a message that nobody reads, unless two become one; there is room for some 270

        flowd.WaitFor(complaint);

        flowd.Signal("TERM");
        Assert.InRange(flowd.WaitForExit(), 0, 1);
    }

    // A tracer keeps the end of a process from its parent; a disk that hangs would do the same.
    [Fact]
    public void A_worker_that_does_not_even_end_keeps_nobody_waiting()
    {
        if (!RunningFlowd.IsRoot)
            Assert.Skip("needs root to trace the worker");
        using var flowd = RunningFlowd.StartUnder(RunningFlowd.Instead(Copy(
            "network", "channel.send(message(SANDBOXED)); channel.send(message(READY)); time.sleep(5); channel.send(bytes(7))")));
        using Process tracer = Tool.Start(Tool.Installed("python3"), ["-c",
            $"import ctypes, time; assert ctypes.CDLL(None).ptrace(0x4206, {flowd.Children()[0]}, None, None) == 0; time.sleep(20)"]); // PTRACE_SEIZE

        flowd.WaitFor("it does not end, although it was killed");
        flowd.WaitFor("BadLength", times: 2);
        tracer.Kill();

        flowd.Signal("TERM");
        Assert.InRange(flowd.WaitForExit(), 0, 1);
    }

    [Fact]
    public void A_metrics_process_that_asks_without_end_keeps_the_worker_from_nothing()
    {
        string program = Copy("network", """
            channel.send(message(SANDBOXED)); channel.send(message(READY)); asked = 0
            while kind := channel.recv(64)[:1]:
                if kind[0] == SNAPSHOT: asked += 1; print("asked", asked, "times", file=sys.stderr, flush=True)
            """);
        Write(Path.Combine(Path.GetDirectoryName(program)!, "flowd-metrics"), "log=plain", // one of its options
            "channel.send(message(SANDBOXED)); [(channel.send(message(SNAPSHOT)), time.sleep(0.1)) for _ in range(40)]; print('all said', file=sys.stderr, flush=True)");
        using var flowd = RunningFlowd.LaunchUnder(RunningFlowd.Instead(program), configuration: "metrics on \"{dir}/metrics\"");

        flowd.WaitFor("all said");

        Assert.Contains("asked 2 times", flowd.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("asked 8 times", flowd.Messages, StringComparison.Ordinal);
    }

    // A folder with the true flowd, and beside it our worker.
    private static string Copy(string role, string misbehaviour, string beginning = "")
    {
        Tool.Installed("python3");
        string folder = RunningFlowd.NewFolder();
        string program = Path.Combine(folder, "flowd");
        File.Copy(Tool.Published("flowd"), program);
        Write(Path.Combine(folder, "flowd-worker"), role, misbehaviour, beginning);
        return program;
    }

    private static void Write(string path, string role, string misbehaviour, string beginning = "")
    {
        File.WriteAllText(path, Child.Replace("MISBEHAVIOUR", misbehaviour, StringComparison.Ordinal)
            .Replace("BEGINNING", beginning, StringComparison.Ordinal)
            .Replace("REAL", $"\"{Tool.Published("flowd-worker")}\"", StringComparison.Ordinal)
            .Replace("ROLE", $"\"{role}\"", StringComparison.Ordinal));
        Tool.Run("/bin/chmod", "700", path);
    }
}
