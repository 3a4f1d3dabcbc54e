using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Flowd.Platform;

namespace Flowd.Tests;

/// <summary>Whom the worker of root becomes, and where it is locked in. Needs root.</summary>
public sealed class AccountTests : IDisposable
{
    private const uint OtherUid = 61235;

    private readonly PrivateAccounts _accounts = new(
        $"collector:x:{OtherUid}:{OtherUid}::{{dir}}/other:/usr/sbin/nologin",
        $"nested:x:{OtherUid}:{OtherUid}::{{dir}}/not/there:/usr/sbin/nologin",
        $"open:x:{OtherUid}:{OtherUid}::{{dir}}/open:/usr/sbin/nologin",
        $"owner:x:{OtherUid}:{OtherUid}::{{dir}}/owner:/usr/sbin/nologin",
        $"file:x:{OtherUid}:{OtherUid}::{{dir}}/passwd:/usr/sbin/nologin",
        "toor:x:0:0::{dir}/empty:/bin/sh");

    [Fact]
    public void The_worker_is_the_user_of_the_configuration_in_a_home_that_is_made()
    {
        string home = Path.Combine(_accounts.Folder, "other");
        using RunningFlowd flowd = Launch("user collector\nstore ALL");
        flowd.WaitFor("listening on");
        int worker = Assert.Single(flowd.Children());

        string process = $"/proc/{worker.ToString(CultureInfo.InvariantCulture)}";
        Assert.Contains($"Uid:\t{OtherUid}\t{OtherUid}\t{OtherUid}\t{OtherUid}", File.ReadAllLines($"{process}/status"));
        Assert.Equal(home, new FileInfo($"{process}/root").LinkTarget);
        Assert.Equal(0u, FileOwner.Of(home).Uid);
        Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode(home)); // 0755
        flowd.Send(Exports.Numbered(1));
        flowd.WaitForRecords(1);

        flowd.Reconfigure("store ALL\naccept tag 2 all");
        flowd.WaitFor("the new configuration is in force");
        Assert.Contains("user _flowd: the worker that runs keeps its user until flowd is started again", flowd.Messages, StringComparison.Ordinal);
        flowd.Send(Exports.Numbered(2));
        Assert.Equal(2u, flowd.WaitForRecords(2)[1].Tag); // all else of the configuration counts
        flowd.Reconfigure("user nobody-of-that-name\nstore ALL");
        flowd.WaitFor("the configuration in force stays in force");
        Assert.Equal(worker, Assert.Single(flowd.Children()));
    }

    [Theory]
    [InlineData("root", "user root is root: choose one without rights")]
    [InlineData("toor", "user toor is root: choose one without rights")]
    [InlineData("stranger", "there is no user stranger to run as; make one (useradd ")]
    [InlineData("nested", "{dir}/not/there, the home of nested: ")]
    [InlineData("open", "{dir}/open, the home of open, must be a folder of root that nobody else may write to")]
    [InlineData("owner", "{dir}/owner, the home of owner, must be a folder of root that nobody else may write to")]
    [InlineData("file", "{dir}/passwd, the home of file")]
    public void A_user_that_is_no_good_is_refused(string user, string expected)
    {
        Directory.CreateDirectory(Path.Combine(_accounts.Folder, "open"));
        Tool.Run("/bin/chmod", "1777", Path.Combine(_accounts.Folder, "open"));
        Directory.CreateDirectory(Path.Combine(_accounts.Folder, "owner"));
        Tool.Run("/bin/chown", $"{OtherUid}", Path.Combine(_accounts.Folder, "owner"));

        using RunningFlowd flowd = Launch($"user {user}\nstore ALL");

        Assert.Equal(1, flowd.WaitForExit());
        Assert.Single(flowd.Messages.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(expected.Replace("{dir}", _accounts.Folder, StringComparison.Ordinal), flowd.Messages, StringComparison.Ordinal);
        Assert.False(File.Exists(flowd.LogPath));
    }

    public void Dispose() => _accounts.Dispose();

    private RunningFlowd Launch(string configuration) => RunningFlowd.Launch(configuration, folder: null, _accounts.Wrapper(), []);
}
