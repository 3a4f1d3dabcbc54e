using System.Collections.Generic;
using System.Linq;
using Flowd.Records;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>What has no place of its own in a record is kept as it came, for those who ask for it.</summary>
public class OtherElementsTests
{
    // fragmentIdentification, an address, interfaceName of variable length, an element of an enterprise, a list, padding
    private static readonly string Tpl = Set(2, "0100 0006", "0036 0004", "0008 0004", "0052 FFFF", "8001 0002 00000009", "0123 FFFF", "00D2 0003");

    private static readonly byte[] Datagram = Ipfix(Tpl, Set(256, "00000007 0A000001 04 65746830 CAFE 03 FF0008 000000", "00000008 0A000002 00 BABE FF0003 FF0008 000000"));

    [Fact]
    public void Nobody_asked_for_it()
    {
        var collector = new Collector();
        collector.Send(Datagram);
        Assert.All(collector.Batch.Records.ToArray(), record => Assert.Equal((LogFields.None, 0), (record.Fields & LogFields.Other, record.OtherLength)));
    }

    [Fact]
    public void Each_element_is_kept_with_its_record()
    {
        var collector = new Collector();
        collector.Decoder.KeepsOther = true;
        collector.Send(Datagram);
        Assert.Empty(collector.Errors);
        Assert.Equal(["0/54=00000007", "0/82=65746830", "9/1=CAFE", "0/291=FF0008"], Elements(collector, 0));
        Assert.Equal(["0/54=00000008", "0/82=", "9/1=BABE", "0/291=FF0008"], Elements(collector, 1));
    }

    [Fact]
    public void Elements_with_an_impossible_length_are_kept_as_they_are()
    {
        var collector = new Collector();
        collector.Decoder.KeepsOther = true;
        collector.Send(Ipfix(Set(2, Template(256, (8, 3), (4, 1))), Set(256, "0A0000 06")));
        Assert.Equal(["0/8=0A0000"], Elements(collector, 0));
    }

    [Fact]
    public void Reading_them_allocates_nothing()
    {
        var collector = new Collector();
        collector.Decoder.KeepsOther = true;
        collector.Send(Datagram);
        Assert.Equal(0, Allocation.LeastOf(() =>
        {
            for (int i = 0; i < 100; i++)
                collector.Send(Datagram);
        }));
    }

    private static List<string> Elements(Collector collector, int index)
    {
        var elements = new List<string>();
        for (var rest = new OtherElements(collector.Batch.OtherOf(collector.Batch.Records[index])); rest.TryRead(out uint enterprise, out ushort id, out var value);)
            elements.Add($"{enterprise}/{id}={System.Convert.ToHexString(value)}");
        return elements;
    }
}
