using System;
using System.IO;

namespace Flowd.Tests;

/// <summary>
/// Finds the reference data that lie beside the repository (../shared: the original program's logs, texts and rule files, real exporters'
/// datagrams). Tests that need them are skipped, and counted as skipped, where they are not there.
/// </summary>
internal static class SharedData
{
    public static readonly string RepositoryRoot = FindRoot();

    private static readonly string Root
        = Environment.GetEnvironmentVariable("FLOWD_SHARED") ?? Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared"));

    public static bool IsPresent => Directory.Exists(Path.Combine(Root, "golden"));

    /// <summary>The path of a file or folder there; skips the test that asks if there is none.</summary>
    public static string PathOf(params string[] parts)
    {
        string path = Path.Combine([Root, .. parts]);
        if (!Path.Exists(path))
            Assert.Skip("needs ../shared/" + string.Join('/', parts));
        return path;
    }

    private static string FindRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "Flowd.slnx")))
            directory = Path.GetDirectoryName(directory);
        return directory ?? throw new DirectoryNotFoundException("no Flowd.slnx above " + AppContext.BaseDirectory);
    }
}
