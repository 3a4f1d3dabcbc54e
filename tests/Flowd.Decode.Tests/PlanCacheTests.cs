using System.Collections.Generic;
using System.Linq;
using Flowd.Decode;
using Flowd.Decode.Sets;

namespace Flowd.Tests;

/// <summary>Templates with the same fields share what was made of them.</summary>
public class PlanCacheTests
{
    private readonly PlanCache _cache = new();

    [Fact]
    public void The_same_fields_share_a_plan()
    {
        PlannedFields first = Get(Numbered(1, 8));

        Assert.Same(first, Get(Numbered(1, 8)));
        Assert.NotSame(first, Get(Numbered(2, 8)));
        Assert.NotSame(first.Plan, Get(Numbered(1, 8), keepElements: false).Plan);
    }

    [Fact]
    public void Long_templates_are_not_kept()
    {
        Assert.Same(Get(Numbered(1, 128)), Get(Numbered(1, 128)));
        Assert.NotSame(Get(Numbered(1, 129)), Get(Numbered(1, 129)));
    }

    [Fact]
    public void Whatever_was_asked_for_before_the_plan_is_of_these_fields()
    {
        IEnumerable<int> numbers = Enumerable.Range(1, 5000); // more than there is room for
        foreach (int number in numbers.Concat(numbers.Reverse()))
        {
            TemplateField[] fields = Numbered(number, 1 + number % 7);
            PlannedFields planned = Get(fields);
            Assert.Equal(fields, planned.Fields);
            Assert.Equal(fields.Sum(static field => field.Length), planned.Plan.MinimumLength);
        }
    }

    [Fact]
    public void What_is_no_template_is_refused_each_time()
    {
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(DecodeError.EmptyTemplate, _cache.TryGet([new TemplateField(0, 1, 0)], keepElements: true, out PlannedFields? planned));
            Assert.Null(planned);
        }
    }

    private PlannedFields Get(TemplateField[] fields, bool keepElements = true)
    {
        Assert.Equal(DecodeError.None, _cache.TryGet(fields, keepElements, out PlannedFields? planned));
        return planned!;
    }

    // Lengths tell them apart too.
    private static TemplateField[] Numbered(int number, int count)
        => [.. Enumerable.Range(0, count).Select(i => new TemplateField(0, (ushort)(20_000 + number), (ushort)(1 + (number + i) % 100)))];
}
