using System.Collections.Generic;
using System.IO;
using System.Linq;
using Flowd.Config;

namespace Flowd.Tests;

/// <summary>The rule files that flowd 0.9.1 was run on: what it refused is refused, what it took is taken.</summary>
public class ReferenceRulesTests
{
    [Fact]
    public void The_same_files_are_refused()
    {
        string folder = SharedData.PathOf("golden", "rules");
        string[] wrong = [.. File.ReadLines(Path.Combine(folder, "expected.tsv")).Skip(1).Select(line => line.Split('\t')).Where(row =>
        {
            string text = File.ReadAllText(Path.Combine(folder, row[0]));
            bool accepted = ConfigParser.Parse(text, row[0], new Dictionary<string, string>(), ConfigScope.Filter).Configuration is not null;
            return accepted != (row[1] == "0");
        }).Select(row => row[0])];
        Assert.Empty(wrong);
    }
}
