using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Flowd.Tests;

/// <summary>
/// Started by root, the worker is nobody: it has the user's ids, its root is the user's empty home, and no descriptor but what it needs. The
/// account is put into a private copy of /etc/passwd, which only this flowd sees. Needs root.
/// </summary>
public class PrivilegeTests
{
    private const uint Uid = 61234;

    [Fact]
    public void The_worker_of_root_has_no_rights_and_nothing_but_its_descriptors()
    {
        string unshare = Tool.Installed("unshare");
        if (!RunningFlowd.IsRoot)
            Assert.Skip("needs root");
        string folder = RunningFlowd.NewFolder();
        string home = Directory.CreateDirectory(Path.Combine(folder, "empty")).FullName;
        string accounts = Path.Combine(folder, "passwd");
        File.WriteAllText(accounts, $"root:x:0:0::/root:/bin/sh\n_flowd:x:{Uid}:{Uid}::{home}:/usr/sbin/nologin\n");
        string[] wrapper = [unshare, "--mount", "/bin/sh", "-c", "mount --bind \"$1\" /etc/passwd && shift && exec \"$@\"", "sh", accounts];
        using RunningFlowd flowd = RunningFlowd.StartUnder(wrapper, options: []);

        flowd.Send(Exports.Numbered(1));
        flowd.WaitForRecords(1);
        flowd.Reconfigure("store ALL\naccept tag 3 all");
        flowd.WaitFor("the new configuration is in force"); // until then the parser is a child as well
        flowd.Send(Exports.Numbered(2));
        flowd.WaitForRecords(2);

        int worker = Assert.Single(flowd.Children());
        string[] status = File.ReadAllLines($"/proc/{worker}/status");
        Assert.Contains($"Uid:\t{Uid}\t{Uid}\t{Uid}\t{Uid}", status);
        Assert.Contains($"Gid:\t{Uid}\t{Uid}\t{Uid}\t{Uid}", status);
        Assert.Contains(status, line => line.StartsWith("CapEff:\t0000000000000000", StringComparison.Ordinal));
        Assert.Contains("NoNewPrivs:\t1", status);
        Assert.Equal(home, new FileInfo($"/proc/{worker}/root").LinkTarget);
        Assert.DoesNotContain("-X INSECURE", flowd.Messages, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Children_inherit_only_what_they_need()
    {
        // Descriptors of who starts flowd, and of the monitor, do not reach the worker: nulls, messages, channel; then a socket, the log, and
        // what the runtime opens for itself.
        using RunningFlowd flowd = RunningFlowd.StartUnder(["/bin/sh", "-c", "exec 8</etc/hostname 9</etc/passwd; exec \"$@\"", "sh"]);
        int worker = Assert.Single(flowd.Children());

        Dictionary<int, string> open = RunningFlowd.DescriptorsOf(worker);

        Assert.Equal("/dev/null", open[0]);
        Assert.Equal("/dev/null", open[1]);
        Assert.StartsWith("socket:", open[3], StringComparison.Ordinal);
        Assert.DoesNotContain(open.Values, target => target.StartsWith("/etc/", StringComparison.Ordinal));
        Assert.Equal(2, open.Values.Count(target => target.StartsWith("socket:", StringComparison.Ordinal)));
        Assert.Single(open.Values, target => target == flowd.LogPath);
    }
}
