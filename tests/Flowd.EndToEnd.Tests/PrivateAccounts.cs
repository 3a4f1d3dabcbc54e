using System;
using System.IO;

namespace Flowd.Tests;

/// <summary>Accounts that only one flowd sees: a private copy of /etc/passwd in a mount namespace of its own. Needs root.</summary>
internal sealed class PrivateAccounts : IDisposable
{
    public const uint Uid = 61234;

    private readonly string _passwd;

    /// <param name="lines">passwd(5), besides root and _flowd; {dir} is <see cref="Folder"/>.</param>
    public PrivateAccounts(params string[] lines)
    {
        if (!RunningFlowd.IsRoot)
            Assert.Skip("needs root");
        Tool.Installed("unshare");
        Folder = RunningFlowd.NewFolder();
        Directory.CreateDirectory(Path.Combine(Folder, "empty"));
        _passwd = Path.Combine(Folder, "passwd");
        string[] all = ["root:x:0:0::/root:/bin/sh", $"_flowd:x:{Uid}:{Uid}::{{dir}}/empty:/usr/sbin/nologin", .. lines];
        File.WriteAllLines(_passwd, Array.ConvertAll(all, line => line.Replace("{dir}", Folder, StringComparison.Ordinal)));
        Tool.Run("/bin/chmod", "-R", "a+rX,go-w", Folder);
    }

    public string Folder { get; }

    /// <summary>Becomes these words and the command after them, among the accounts.</summary>
    public string[] Wrapper(params string[] inner)
        => [Tool.Installed("unshare"), "--mount", "/bin/sh", "-c", "mount --bind \"$0\" /etc/passwd && exec \"$@\"", _passwd, .. inner];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
