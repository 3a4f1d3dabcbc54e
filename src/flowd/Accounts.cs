using System;
using System.ComponentModel;
using System.IO;
using Flowd.Platform;

namespace Flowd.Monitor;

/// <summary>Whom the children of root become, and where they are locked in: "UID:GID:FOLDER".</summary>
internal sealed class Accounts(bool onlyChecks)
{
    private const string DefaultUser = "_flowd";
    private const uint Nobody = 65534;
    private const uint Root = 0;

    /// <summary>In <see cref="EmptyFolder"/> everybody may look for what is not there.</summary>
    private const UnixFileMode EmptyFolder = (UnixFileMode)0x1ED; // 0755

    /// <summary>The parser runs before the configuration can say as whom; and a configuration can be checked before flowd is set up.</summary>
    public static string OfParser()
        => Privileges.FindUser(DefaultUser) is { } user && Directory.Exists(user.Home) ? Describe(user) : $"{Nobody}:{Nobody}:/";

    /// <summary>Throws <see cref="InvalidOperationException"/> if there is no such user, or its home is no prison.</summary>
    public string OfWorker(string? name)
    {
        name ??= DefaultUser;
        UserAccount user = Privileges.FindUser(name)
            ?? throw new InvalidOperationException(
                $"there is no user {name} to run as; make one (useradd -r -d /var/empty -s /usr/sbin/nologin {name})");
        if (user.Uid == Root)
            throw new InvalidOperationException($"user {name} is root: choose one without rights");
        if (!onlyChecks)
            CheckHome(user);
        return Describe(user);
    }

    // What is in there the worker could reach if all else failed, so nobody but root may put anything there.
    private static void CheckHome(UserAccount user)
    {
        try
        {
            MakeHome(user.Home);
            FileOwner owner = FileOwner.Of(user.Home);
            if (!owner.IsFolder || owner.Uid != Root || !owner.OnlyOwnerWrites)
                throw new InvalidOperationException($"{user.Home}, the home of {user.Name}, must be a folder of root that nobody else may write to");
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{user.Home}, the home of {user.Name}: {e.Message}; it should be an empty folder of root");
        }
    }

    private static void MakeHome(string home)
    {
        if (Directory.Exists(home) || !Directory.Exists(Path.GetDirectoryName(home)))
            return;
        Directory.CreateDirectory(home);
        File.SetUnixFileMode(home, EmptyFolder);
    }

    private static string Describe(UserAccount user) => $"{user.Uid}:{user.Gid}:{user.Home}";
}
