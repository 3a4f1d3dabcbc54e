using System;
using System.Linq;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>Sets of numbers as they are written: one item, or a list of them.</summary>
internal static class RangeText
{
    public static string Of(RangeSet numbers, NumberFieldInfo field)
    {
        string[] items = [.. numbers.Ranges.Select(range => Of(range, field))];
        return items is [var only] ? only : PrefixSetText.List(items);
    }

    /// <summary>An information element and what its value is, which always has an operator in front.</summary>
    public static string Of(Condition element) => element switch
    {
        ElementIn number => NameOf(number.Enterprise, number.Id) + WithOperator(Of(number.Numbers, InfoOf(number))),
        ElementAddressIn address => NameOf(address.Enterprise, address.Id) + "= " + PrefixSetText.Of(address.Prefixes, address.Table),
        ElementIs text => NameOf(text.Enterprise, text.Id) + "= " + QuotedText.Of(text.Text),
        _ => throw new ArgumentException($"{element.GetType().Name} is not about an element", nameof(element)),
    };

    private static string Of(NumberRange range, NumberFieldInfo field) => range switch
    {
        { Low: var low, High: var high } when low == high => field.Print(low),
        { High: var high } when high == field.Most => ">= " + field.Print(range.Low),
        { Low: var low } when low == field.Least => "<= " + field.Print(range.High),
        _ => field.Print(range.Low) + "-" + field.Print(range.High),
    };

    private static string NameOf(uint enterprise, ushort id) => InformationElements.NameOf(enterprise, id) + " ";

    private static string WithOperator(string text) => text[0] is '<' or '>' ? text : "= " + text;

    private static NumberFieldInfo InfoOf(ElementIn element)
        => InformationElements.Find(element.Enterprise, element.Id)?.Type == ElementType.Mac ? NumberFields.MacElement : NumberFields.NumberElement;
}
