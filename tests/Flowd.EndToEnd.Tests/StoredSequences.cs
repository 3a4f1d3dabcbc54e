using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>The numbers of <see cref="Exports.Numbered"/> that are in logs, however they are kept.</summary>
internal static class StoredSequences
{
    /// <summary>Those of all logs in a folder and below; of a file in progress as far as it can be read.</summary>
    public static List<uint> In(string folder, string pattern = "*")
    {
        var sequences = new List<uint>();
        foreach (string path in Directory.GetFiles(folder, pattern, SearchOption.AllDirectories).Where(path => !path.EndsWith(".tmp", StringComparison.Ordinal)))
        {
            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
                using var reader = new LogReader(file);
                while (reader.TryRead(out FlowRecord record))
                    sequences.Add(record.Sequence);
            }
            catch (FileNotFoundException)
            {
                // renamed meanwhile: looked at again
            }
        }

        return sequences;
    }
}
