using System.Collections.Generic;
using System.IO;
using System.Linq;
using Flowd.Config;

namespace Flowd.Tests;

/// <summary>The rule files that flowd 0.9.1 was run on: what it took is taken, and what it refused is refused, but for what the language has learnt.</summary>
public class ReferenceRulesTests
{
    // Clauses in another order, and a time that goes over midnight.
    private static readonly string[] LearntSince = ["000.rules", "022.rules", "072.rules", "133.rules"];

    [Fact]
    public void The_same_files_are_refused_but_for_what_was_learnt()
    {
        string folder = SharedData.PathOf("golden", "rules");
        string[] wrong = [.. File.ReadLines(Path.Combine(folder, "expected.tsv")).Skip(1).Select(line => line.Split('\t')).Where(row =>
        {
            string text = File.ReadAllText(Path.Combine(folder, row[0]));
            bool accepted = ConfigParser.Parse(text, row[0], new Dictionary<string, string>(), ConfigScope.Filter).Configuration is not null;
            return accepted != (row[1] == "0" || LearntSince.Contains(row[0]));
        }).Select(row => row[0])];
        Assert.Empty(wrong);
    }
}
