using System.Collections.Generic;
using System.IO;
using Flowd.Config.Text;
using Flowd.Filter;

namespace Flowd.Config.Syntax;

/// <summary>The files that a configuration names: those it includes, and those of its tables.</summary>
/// <param name="read">Reads one; null where there is nobody to do so.</param>
/// <param name="tables">In the place of files of tables: what they had, in the order of their lines; null to read them.</param>
internal sealed class SourceFiles(ReadConfigurationFile? read, Queue<PrefixSet>? tables)
{
    private const int LongestPath = 4095;

    /// <summary>So that files that include each other in ever new ways come to an end.</summary>
    private const int MostFiles = 1000;

    private int _files;

    /// <summary>A path as the one who wrote it means it: one that does not begin with "/" begins where the file is that names it.</summary>
    public static string Resolve(string path, string namedBy) => Path.Combine(Path.GetDirectoryName(namedBy) ?? "", path);

    public ConfigurationFile Read(string path, int most)
    {
        if (path.Length is 0 or > LongestPath || path.Contains('\0'))
            return new ConfigurationFile(null, "this is no path");
        if (++_files > MostFiles)
            return new ConfigurationFile(null, $"the configuration has more than {MostFiles} files");
        return read is null ? new ConfigurationFile(null, "there are no files here") : read(path, most);
    }

    /// <summary>The prefixes of a file of a table. What is wrong with it goes to the diagnostics of who names it.</summary>
    public PrefixSet ReadTable(Token name, string path, DiagnosticList diagnostics)
    {
        if (tables is not null)
            return tables.TryDequeue(out PrefixSet? table) ? table : PrefixSet.Of();
        ConfigurationFile file = Read(path, ConfigurationFile.LargestTable);
        if (file.Content is null)
        {
            diagnostics.Error(name.Offset, $"{path}: {file.Trouble}");
            return PrefixSet.Of();
        }

        var reader = new TableReader(path);
        PrefixSet prefixes = reader.Read(file.Content);
        diagnostics.Include(name.Offset, reader.Diagnostics);
        return prefixes;
    }
}
