using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;

namespace Flowd.Tests;

/// <summary>How much of the corpus was compared with what is expected. It is left in a file, which the test command prints at the end.</summary>
internal static class CorpusTotals
{
    private static readonly ConcurrentDictionary<string, (int Records, int Fields)> Compared = new();

    static CorpusTotals() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => Write();

    /// <summary>Of one capture by one test; several add up.</summary>
    public static void Add(string capture, int records, int fields)
    {
        Compared.AddOrUpdate(capture, (records, fields), (_, before) => (Math.Max(before.Records, records), before.Fields + fields));
        TestContext.Current.TestOutputHelper?.WriteLine($"{capture}: {records} records, {fields} fields compared");
    }

    private static void Write() => File.WriteAllText(
        Path.Combine(SharedData.RepositoryRoot, "artifacts", "corpus.txt"),
        $"corpus: {Compared.Count} captures, {Compared.Values.Sum(one => one.Records)} records, {Compared.Values.Sum(one => one.Fields)} fields compared\n");
}
