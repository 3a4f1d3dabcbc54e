using System;
using System.Linq;
using static Flowd.Attacker.Native;

namespace Flowd.Attacker;

/// <summary>All attacks, by what they are after. What becomes of each stands in tests/Flowd.EndToEnd.Tests/AttackTests.cs.</summary>
internal static class Attacks
{
    private const nint Here = -100; // AT_FDCWD
    private const nint ReadOnly = 0;
    private const nint WriteOnly = 1;
    private const nint Create = 0x40;
    private const nint SIGCHLD = 17;
    private const nint AT_EMPTY_PATH = 0x1000;
    private const nint Everybody = -1;

    // struct sockaddr_in: AF_INET, port 9, 127.0.0.1; struct sockaddr_un: AF_UNIX, an abstract name.
    private static readonly byte[] Discard = [2, 0, 0, 9, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] AnyPort = [2, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    private const nint LengthOfAddress = 16;

    // struct rlimit: 65535 both.
    private static readonly nint ManyDescriptors = Memory(255, 255, 0, 0, 0, 0, 0, 0, 255, 255);

    public static readonly Attack[] Table =
    [
        // Files.
        new("open-read", _ => Open("/etc/passwd", ReadOnly)),
        new("open-directory", _ => Open("/", ReadOnly)),
        new("open-write", _ => Open("/tmp/flowd-attack", WriteOnly)),
        new("open-create", _ => Open("/flowd-attack", WriteOnly | Create)),
        new("open-parent", _ => Open(string.Concat(Enumerable.Repeat("../", 20)) + "etc/passwd", ReadOnly)),
        new("open-own-descriptor", loot => Open($"/proc/self/fd/{loot.Configuration}", WriteOnly)),
        new("open-monitor-memory", loot => Open($"/proc/{loot.MonitorId}/mem", WriteOnly)),
        new("open-proc", _ => Open("/proc/self/status", ReadOnly)),
        new("open-below-descriptors", loot => OfEach(loot, fd => Call(257, fd, Text("etc/passwd"), ReadOnly))),
        new("open-above-descriptors", loot => OfEach(loot, fd => Call(257, fd, Text("../etc/passwd"), ReadOnly))),
        new("old-open", _ => Call(2, Text("/etc/passwd"), ReadOnly)),
        new("openat2", _ => Call(437, Here, Text("/etc/passwd"), Memory(), 24)),
        new("open-by-handle", loot => Call(304, loot.Configuration, Memory(), ReadOnly)),
        new("unlink", _ => Call(87, Text("/etc/passwd"))),
        new("rename", _ => Call(82, Text("/etc/passwd"), Text("/x"))),
        new("symlink", _ => Call(88, Text("/etc/passwd"), Text("/flowd-attack"))),
        new("mkdir", _ => Call(83, Text("/flowd-attack"), 511)),
        new("mknod", _ => Call(133, Text("/flowd-attack"), 0x2000 | 0x180, 0x101)),
        new("chmod-descriptor", loot => Call(91, loot.Log, 0xFFF)),
        new("leave-by-descriptor", loot => OfEach(loot, fd => Call(81, fd))),
        new("chroot", _ => Call(161, Text("."))),

        // The network.
        new("socket-inet", _ => Call(41, 2, 2, 0)),
        new("socket-inet6", _ => Call(41, 10, 1, 0)),
        new("socket-unix", _ => Call(41, 1, 1, 0)),
        new("socket-netlink", _ => Call(41, 16, 3, 0)),
        new("socket-raw", _ => Call(41, 2, 3, 1)),
        new("socket-packet", _ => Call(41, 17, 3, 0x300)),
        new("socketpair", _ => Call(53, 1, 1, 0, Memory())),
        new("tcp-connect", _ => WithSocket(2, 1, fd => Call(42, fd, Memory(Discard), LengthOfAddress))),
        new("tcp-bind", _ => WithSocket(2, 1, fd => Call(49, fd, Memory(AnyPort), LengthOfAddress))),
        new("connect-listener", loot => Call(42, loot.Listener, Memory(Discard), LengthOfAddress)),
        new("bind-listener", loot => Call(49, loot.Listener, Memory(AnyPort), LengthOfAddress)),
        new("listen-channel", _ => Call(50, Loot.Channel, 5)),
        new("sendto-address", loot => Call(44, loot.Listener, Memory(1), 1, 0, Memory(Discard), LengthOfAddress)),
        new("sendmsg-address", loot => Call(46, loot.Listener, Header(Discard), 0)),
        new("sendmmsg-address", loot => Call(307, loot.Listener, Header(Discard), 1)),
        new("write-to-listener", loot => Call(1, loot.Listener, Memory(1), 1)),
        new("recvmsg-listener", loot => Call(47, loot.Listener, Header([]), 0x40)),
        new("setsockopt-listener", loot => Call(54, loot.Listener, 1, 9, Memory(1), 4)),

        // Other processes.
        new("fork", _ => Call(57)),
        new("vfork", _ => Call(58)),
        new("clone", _ => Call(56, SIGCHLD)),
        new("clone-thread", _ => Call(56, 0x10F00, Memory() + 4096)),
        new("clone3", _ => Call(435, Memory(), 64)),
        new("execve", _ => Call(59, Text("/bin/sh"), 0, 0)),
        new("execveat", loot => Call(322, loot.Log, Text(""), 0, 0, AT_EMPTY_PATH)),
        new("ptrace-monitor", loot => Call(101, 16, loot.MonitorId)),
        new("ptrace-me", _ => Call(101)),
        new("kill-monitor", loot => Call(62, loot.MonitorId)),
        new("kill-everybody", _ => Call(62, Everybody)),
        new("tgkill-monitor", loot => Call(234, loot.MonitorId, loot.MonitorId)),
        new("tkill-monitor", loot => Call(200, loot.MonitorId)),
        new("sigqueue-monitor", loot => Call(129, loot.MonitorId, 10, Memory())),
        new("pidfd-open-monitor", loot => Call(434, loot.MonitorId)),
        new("pidfd-getfd", loot => Call(438, loot.Log, 3)),
        new("read-monitor-memory", loot => Call(310, loot.MonitorId, Vector(8), 1, Vector(8), 1)),
        new("write-monitor-memory", loot => Call(311, loot.MonitorId, Vector(8), 1, Vector(8), 1)),
        new("priority-monitor", loot => Call(141, 0, loot.MonitorId, 19)),

        // Rights.
        new("setuid", _ => Call(105)),
        new("setresuid", _ => Call(117)),
        new("setresgid", _ => Call(119)),
        new("setgroups", _ => Call(116, 1, Memory())),
        new("capset", _ => Call(126, Memory(0x22, 0x05, 0x08, 0x20), Memory(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF))),
        new("dumpable", _ => Call(157, 4, 1)),
        new("keep-capabilities", _ => Call(157, 8, 1)),
        new("another-filter", _ => Call(317, 1, 0, Memory())),
        new("personality", _ => Call(135, 0x0400000)),

        // The system.
        new("mount", _ => Call(165, Text("none"), Text("/"), Text("tmpfs"))),
        new("umount", _ => Call(166, Text("/"))),
        new("pivot-root", _ => Call(155, Text("/"), Text("/"))),
        new("unshare", _ => Call(272, 0x20000)),
        new("unshare-user", _ => Call(272, 0x10000000)),
        new("setns", loot => Call(308, loot.Log)),
        new("bpf", _ => Call(321, 5, Memory(), 72)),
        new("perf-event-open", _ => Call(298, Memory(), 0, -1, -1)),
        new("userfaultfd", _ => Call(323)),
        new("io-uring-setup", _ => Call(425, 8, Memory())),
        new("add-key", _ => Call(248, Text("user"), Text("x"), Memory(1), 1, -2)),
        new("keyctl", _ => Call(250, 0, -2)),
        new("init-module", _ => Call(175, Memory(), 8, Text(""))),
        new("reboot", _ => Call(169)),
        new("syslog", _ => Call(103, 3, Memory(), 100)),
        new("ioctl-terminal", _ => Call(16, 2, 0x5412, Memory(1))),
        new("x32", _ => Call(0x40000000 | 1, 1, Memory(1), 1)),

        // Limits and memory.
        new("setrlimit", _ => Call(160, 7, ManyDescriptors)),
        new("prlimit", _ => Call(302, 0, 7, ManyDescriptors)),
        new("prlimit-monitor", loot => Call(302, loot.MonitorId, 7, 0, Memory())),
        new("mprotect-execute", _ => Call(10, Memory() & ~4095, 4096, 5)),
        new("mmap-execute", _ => Call(9, 0, 4096, 7, 0x22, -1)),
        new("mmap-execute-file", loot => Call(9, 0, 4096, 5, 2, loot.Configuration)),
        new("memfd-create", _ => Call(319, Text("x"))),
        new("shmget", _ => Call(29, 0, 4096, 0x380)),

        // What it holds.
        new("write-configuration", loot => Call(18, loot.Configuration, Memory(1), 1, 0)),
        new("truncate-configuration", loot => Call(77, loot.Configuration)),
        new("write-standard-input", _ => Call(1, 0, Memory(1), 1)),
        new("close-channel", _ => Call(3, Loot.Channel)),
        new("duplicate-onto-channel", loot => Call(292, loot.Listener, Loot.Channel)),
        new("duplicate-by-fcntl", loot => Call(72, loot.Listener)),
        new("truncate-log", loot => Call(77, loot.Log)),

        // What it may say to the monitor, and what not.
        new("message-garbage", _ => Say([0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0xFA, 0xF9, 0xF8])),
        new("message-short", _ => Say([14, 0, 0])),
        new("message-long", _ => Say(new byte[8000])),
        new("message-of-monitor", _ => Say([24, 0, 0, 0, 0, 0, 0, 0])),
        new("message-of-parser", _ => Say([8, .. new byte[4127]])),
        new("message-with-descriptor", loot => Say(OpenLog, loot.Log)),
        new("message-flood", _ => Flood(OpenLog)),
        new("message-with-descriptors", loot => Say(OpenLog, [.. Enumerable.Repeat(loot.Log, 200)])),
    ];

    // Wishes the first log: LogRequest of Flowd.Privsep, which is all zeros but for its type.
    private static byte[] OpenLog => [14, .. new byte[39]];

    private static nint Open(string path, nint flags) => Call(257, Here, Text(path), flags, 0x1FF);

    private static nint WithSocket(nint family, nint type, Func<nint, nint> use) => Call(41, family, type, 0) is >= 0 and nint fd ? use(fd) : -1000;

    // The best that any descriptor gives.
    private static nint OfEach(Loot loot, Func<nint, nint> use) => Enumerable.Range(0, loot.Last + 1).Max(fd => use(fd));

    // Sends one message, then waits for the monitor to act on it.
    private static nint Say(byte[] message, params int[] descriptors)
    {
        nint sent = Call(46, Loot.Channel, Header([], message, descriptors), 0x4000);
        Call(7, 0, 0, 5000);
        return sent;
    }

    // A wish again and again. The answers are read without what comes with them, so that neither side ever waits for the other.
    private static nint Flood(byte[] message)
    {
        nint content = Memory(message);
        nint answer = Memory();
        nint sent = 0;
        for (int i = 0; i < 100_000 && sent >= 0; i++)
        {
            sent = Call(1, Loot.Channel, content, message.Length);
            Call(0, Loot.Channel, answer, 4096);
        }

        return sent;
    }

    // struct msghdr with one struct iovec, and SCM_RIGHTS if there are descriptors.
    private static nint Header(byte[] address, byte[]? content = null, params int[] descriptors)
    {
        content ??= [1];
        byte[] control = [.. Word(16 + 4 * descriptors.Length), 1, 0, 0, 0, 1, 0, 0, 0, .. descriptors.SelectMany(BitConverter.GetBytes)];
        return Memory([
            .. Word(address.Length == 0 ? 0 : Memory(address)),
            .. Word(address.Length),
            .. Word(Vector(content.Length, content)),
            .. Word(1),
            .. Word(descriptors.Length == 0 ? 0 : Memory(control)),
            .. Word(descriptors.Length == 0 ? 0 : control.Length),
        ]);
    }

    // struct iovec
    private static nint Vector(nint length, byte[]? content = null) => Memory([.. Word(Memory(content ?? [])), .. Word(length)]);

    private static byte[] Word(nint value) => BitConverter.GetBytes((long)value);
}
