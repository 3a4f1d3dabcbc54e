using System.Linq;
using Flowd.Decode;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>What an exporter sends and the log has no section for is counted, so that nobody has to guess.</summary>
public class UnstoredElementTests
{
    // flowId (148), padding (210), and number 5 of enterprise 9 beside a stored one.
    private const string Odd = "0101 0004 0008 0004 0094 0001 00D2 0001 8005 0002 00000009";

    [Fact]
    public void Elements_are_counted_by_record_also_when_their_template_is_gone()
    {
        var collector = new Collector();
        Exporter Exporter() => collector.Decoder.Exporters.ByUse.Single();
        collector.Send(Ipfix(Set(2, Odd), Set(257, "0A000001 40 00 0007", "0A000001 40 00 0007")));
        Assert.Equal([(0u, (ushort)148, 2ul), (9u, (ushort)5, 2ul)], Exporter().UnstoredElements.Order());

        collector.Send(Ipfix(Set(2, "0101 0000"), Set(2, Template(257, (148, 1))), Set(257, "40")));
        Assert.Equal([(0u, (ushort)148, 2ul), (9u, (ushort)5, 2ul)], Exporter().UnstoredElements.Order()); // nothing of it is kept, so it is no flow
        collector.Send(Ipfix(Set(2, Template(257, (148, 1), (8, 4))), Set(257, "40 0A000001")));
        Assert.Equal([(0u, (ushort)148, 3ul), (9u, (ushort)5, 2ul)], Exporter().UnstoredElements);
    }

    [Fact]
    public void Their_number_is_bounded()
    {
        var collector = new Collector();
        for (int i = 0; i < 1000; i++)
            collector.Send(NetFlow9(2, Set(0, Template(256, (8, 4), (40_000 + i, 1))), Set(256, "0A000001 40")));
        Assert.InRange(collector.Decoder.Exporters.ByUse.Single().UnstoredElements.Count, 500, 513);
    }
}
