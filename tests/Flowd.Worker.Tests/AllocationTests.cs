using System;
using System.Linq;
using Flowd.Decode;
using Flowd.Worker.Logs;

namespace Flowd.Tests;

/// <summary>Once the worker is warm a datagram allocates nothing, from the socket's buffer to the log's.</summary>
public class AllocationTests
{
    private const int Rounds = 200;

    // One sample: the first 54 octets of a frame of TCP over IPv4.
    private static readonly byte[] SFlow = Convert.FromHexString(
        "0000000500000001C00002010000000000000001006DDD0000000001"
        + "00000001000000700000000100000003000002000000000A00000000000000010000000200000001"
        + "0000000100000048" + "00000001000005EA0000000400000036"
        + "0200000000010200000000020800" + "450005DC00000000400600000A0000010A000002" + "01BBC35000000001000000025018100000000000" + "0000");

    public static TheoryData<string> Configurations => ["", "accept all\ndiscard proto 47\naccept tag 3 quick src 192.0.2.0/24 dst any port 53 proto udp", "store EXTENDED"];

    [Theory, MemberData(nameof(Configurations))]
    public void Nothing_is_allocated_for_a_datagram(string lines)
    {
        using var worker = new SmallWorker($"listen on 127.0.0.1:9995\nlogfile \"/nowhere/flowd\"\nbuffer 65536\n{lines}\n"); // which is soon full: that is no excuse
        byte[][] datagrams = [Exports.NetFlow1, Exports.NetFlow5, Exports.NetFlow7, Exports.NetFlow9, Exports.NetFlow9Data, Exports.Ipfix, SFlow];
        SendAll(worker, datagrams, Rounds);
        ulong before = RecordsOf(worker);

        // A collection for another thread meanwhile counts what it takes of this thread's room as allocated.
        long allocated = Allocation.LeastOf(() => SendAll(worker, datagrams, Rounds));

        Assert.InRange(RecordsOf(worker), before + (ulong)(Rounds * datagrams.Length), ulong.MaxValue);
        Assert.Equal(0u, worker.Subjects.Decoder.Exporters.ErrorCount(DecodeError.Truncated));
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Nothing_is_allocated_for_a_wake_up()
    {
        using var worker = new SmallWorker("listen on 127.0.0.1:9995\nlogfile \"/nowhere/flowd\"\nlogfile \"/nowhere/notes\" notes\n");
        worker.Receive(Exports.NetFlow5);
        LogSet logs = worker.Subjects.Logs;
        void WakeUp(int times)
        {
            for (long now = 1; now <= times; now++)
            {
                logs.FlushIfDue(isDrained: true, now);
                logs.Tick(now, wall: now);
                logs.Patience(now, wall: now);
            }
        }

        WakeUp(Rounds);

        Assert.Equal(0, Allocation.LeastOf(() => WakeUp(Rounds)));
    }

    private static ulong RecordsOf(SmallWorker worker) => worker.Subjects.Decoder.Exporters.Find(SmallWorker.Someone)!.Records;

    private static void SendAll(SmallWorker worker, byte[][] datagrams, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            foreach (byte[] datagram in datagrams)
                worker.Receive(datagram);
        }
    }
}
