using System;
using System.Linq;
using Flowd.Receive;

namespace Flowd.Tests;

/// <summary>Protocols are told apart by content; a listener may take one of them alone.</summary>
public class ListenerProtocolTests
{
    private static readonly string[] Protocols = ["", "netflow", "ipfix", "sflow"];

    // Datagrams with valid headers, and whom they are for.
    [Theory]
    [InlineData("0009 0000 00000000 655FC000 00000001 00000001", "netflow")]
    [InlineData("000A 0010 655FC000 00000001 00000001", "ipfix")]
    [InlineData("00000005 00000001 C0000201 00000000 00000001 00000000 00000000", "sflow")]
    [InlineData("000B 0000", "")]
    [InlineData("00", "")]
    public void Other_protocols_are_counted_and_make_no_exporter(string hex, string protocol)
    {
        byte[] datagram = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        foreach (string taken in Protocols)
        {
            using var worker = new SmallWorker($"listen on 127.0.0.1:9995{(taken.Length > 0 ? " protocol " + taken : "")}\nlogfile \"/nowhere/flowd\"\n");
            worker.Receive(datagram);
            Listener listener = worker.Subjects.Pipeline.Policy.Listeners.Single();
            bool isTaken = taken.Length == 0 || taken == protocol;
            Assert.Equal((isTaken ? 0ul : 1ul, 1ul), (listener.Refused, listener.Datagrams));
            Assert.Equal(isTaken && protocol.Length > 0 ? 1 : 0, worker.Subjects.Decoder.Exporters.Count);
        }
    }
}
