using System;
using System.IO;

namespace Flowd.Reader;

/// <summary>The path of a file that is gone afterwards: who follows a log keeps its place no longer than that.</summary>
internal sealed class TemporaryPlace : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowd-reader-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "place");

    public void Dispose() => _folder.Delete(recursive: true);
}
