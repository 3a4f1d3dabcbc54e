using System.Linq;
using Flowd.Filter;

namespace Flowd.Worker.Metrics;

/// <summary>The rules of one filter program with their labels. Printing rules is slow, so it is done once for each program.</summary>
internal sealed class RuleListing(FilterProgram program)
{
    /// <summary>Characters of a printed rule; more would make every sample long.</summary>
    private const int LongestText = 100;

    public FilterProgram Program => program;

    /// <summary>By number, from 0.</summary>
    public Listing<int> Numbers { get; } = new(
        Enumerable.Range(0, program.Rules.Count),
        rule => LabelsOf(rule, program.Rules[rule]),
        MetricLabels.Of(("rule", "other")));

    // The label of a rule without one is missing, which is the same as empty.
    private static byte[] LabelsOf(int number, FilterRule rule)
    {
        string text = Cut(RulePrinter.Print(rule));
        return rule.Label is { } label
            ? MetricLabels.Of(("rule", $"{number}"), ("label", label), ("text", text))
            : MetricLabels.Of(("rule", $"{number}"), ("text", text));
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText];
}
