using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Flowd.Tests;

/// <summary>One line with a value.</summary>
internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, decimal Value)
{
    public string Key => Name + string.Concat(Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"|{label.Key}={label.Value}"));
}

/// <summary>Reads the text exposition format of Prometheus, strictly: a family's HELP, TYPE and samples stand together, and no series comes twice.</summary>
internal sealed class Exposition
{
    private readonly HashSet<string> _series = [];

    public Dictionary<string, string> Types { get; } = [];

    public List<Sample> Samples { get; } = [];

    public static Exposition Read(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var exposition = new Exposition();
        string family = "";
        foreach (string line in text[..^1].Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
                family = exposition.Help(line[7..].Split(' ', 2));
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                exposition.Type(line[7..].Split(' ', 2), family);
            else
                exposition.Add(ReadSample(line), family);
        }

        return exposition;
    }

    public decimal this[string name, params (string Name, string Value)[] labels]
        => Samples.Single(sample => sample.Name == name && sample.Labels.Count == labels.Length && labels.All(label => sample.Labels.GetValueOrDefault(label.Name) == label.Value)).Value;

    public static Sample ReadSample(string line)
    {
        int end = line.IndexOfAny(['{', ' ']);
        var labels = new Dictionary<string, string>();
        int at = end;
        if (line[end] == '{')
        {
            at++;
            while (line[at] != '}')
                at = ReadLabel(line, at, labels);
            at++;
        }

        Assert.Equal(' ', line[at]);
        return new Sample(line[..end], labels, decimal.Parse(line[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    private static int ReadLabel(string line, int at, Dictionary<string, string> labels)
    {
        int equals = line.IndexOf("=\"", at, StringComparison.Ordinal);
        string name = line[at..equals];
        var value = new StringBuilder();
        for (at = equals + 2; line[at] != '"'; at++)
        {
            if (line[at] == '\\')
                value.Append(line[++at] switch { 'n' => '\n', '\\' => '\\', '"' => '"', _ => throw new FormatException(line) });
            else
                value.Append(line[at]);
        }

        labels.Add(name, value.ToString());
        at++;
        return line[at] == ',' ? at + 1 : at;
    }

    private string Help(string[] head)
    {
        Assert.DoesNotContain(head[0], Types.Keys);
        Assert.NotEmpty(head[1]);
        Types.Add(head[0], "");
        return head[0];
    }

    private void Type(string[] head, string family)
    {
        Assert.Equal((family, ""), (head[0], Types[family]));
        Assert.Contains(head[1], (string[])["counter", "gauge"]);
        Types[family] = head[1];
    }

    private void Add(Sample sample, string family)
    {
        Assert.Equal(family, sample.Name);
        Assert.NotEqual("", Types[family]);
        Assert.True(_series.Add(sample.Key), sample.Key);
        Samples.Add(sample);
    }
}
