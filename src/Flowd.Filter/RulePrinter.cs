using System;
using System.Linq;
using System.Text;

namespace Flowd.Filter;

/// <summary>A rule in normal form: one line of flowd.conf(5) that parses to the same rule.</summary>
public static class RulePrinter
{
    public static string Print(FilterRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var text = new StringBuilder(rule.Action switch { FilterAction.Accept => "accept", FilterAction.Discard => "discard", _ => "match" });
        if (rule.Tags.Count > 0)
            text.Append(" tag ").AppendJoin(", ", rule.Tags.Select(tag => NumberFields.Decimal(tag)));
        if (rule.Quick)
            text.Append(" quick");
        if (rule.Label is { } label)
            text.Append(" label ").Append(QuotedText.Of(label));
        string condition = ConditionPrinter.Print(rule.When);
        return text.Append(' ').Append(condition.Length > 0 ? condition : "all").ToString();
    }
}
