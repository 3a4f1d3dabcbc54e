using System;
using System.Linq;
using Flowd.Decode;
using Flowd.Decode.Sets;
using Flowd.Records;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>The table of information elements as a whole; single rows are tested with their protocol.</summary>
public class ElementTableTests
{
    public static TheoryData<int> Ids => [.. ElementTable.Rows.Where(e => e.Enterprise == 0).Select(e => (int)e.Id)];

    [Fact]
    public void Rows_are_in_order_and_unique()
        => Assert.Equal(ElementTable.Rows.Select(e => (e.Enterprise, e.Id)).Distinct().Order(), ElementTable.Rows.Select(e => (e.Enterprise, e.Id)));

    [Theory, MemberData(nameof(Ids))]
    public void Row_is_sound(int id)
    {
        Element element = ElementTable.Find(new TemplateField(0, (ushort)id, 1))!;
        Assert.InRange(element.Width, element.MinimumWidth, element.MayVary ? ushort.MaxValue - 1 : 16);
        Assert.False(element.Accepts(0));
        Assert.Equal(element.MayVary, element.Accepts(TemplateField.VariableLength));
    }

    // The largest value of every length that is accepted, alone in a template: no overflow, and no section that its row does not name.
    [Theory, MemberData(nameof(Ids))]
    public void Largest_values_of_every_length(int id)
    {
        Element element = ElementTable.Find(new TemplateField(0, (ushort)id, 1))!;
        for (int length = element.MinimumWidth; length <= Math.Min((int)element.Width, 64); length++)
        {
            var collector = new Collector();
            DecodeError error = collector.Send(NetFlow9(2, Set(0, Template(256, (id, length), (152, 8))), Set(256, Repeat("FF", length + 8)))).Error;
            bool isAuxiliary = FieldSets.Auxiliary.Has(element.Field);
            Assert.Equal(isAuxiliary ? DecodeError.NothingToKeep : DecodeError.None, error);
            foreach (FlowRecord record in collector.Batch.Records)
                Assert.Equal(element.Sections, record.Fields & element.Sections);
        }
    }
}
