using System;
using System.Linq;
using Flowd.Decode;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>What one datagram can make the worker write is bounded, whatever stands in it. (The original wrote 51 times what it read.)</summary>
public class OutputBoundTests
{
    // A template of one octet, and a datagram full of such records: hostile.md's H19.
    private static readonly byte[] Template = Convert.FromHexString("0009000100000001655FC0000000000100000001" + "0000000C" + "0100000100040001");
    private static readonly byte[] Records = Convert.FromHexString("0009057F00000001655FC0000000000200000001" + "01000584" + string.Concat(Enumerable.Repeat("11", 1408)));

    [Fact]
    public void Octets_of_output_are_bounded_and_what_is_dropped_is_counted()
    {
        using SmallWorker worker = Fed("limit output 4096");
        LogCounters counters = worker.Subjects.Logs.Counters;
        ulong octets = counters.OctetsAppended / counters.RecordsAppended;

        Assert.InRange(counters.OctetsAppended, 4096u, 4096u + octets);
        Assert.Equal(1408u, counters.RecordsAppended + worker.Subjects.Decoder.Exporters.ErrorCount(DecodeError.OutputFull));
        worker.Receive(Template);
        worker.Receive(Records); // each datagram anew
        Assert.InRange(counters.OctetsAppended, 2 * 4096u, 2 * (4096u + octets));
    }

    [Fact]
    public void Records_of_a_datagram_are_bounded()
    {
        using SmallWorker worker = Fed("limit records 100");
        Assert.Equal(100u, worker.Subjects.Logs.Counters.RecordsAppended);
        Assert.Equal(1u, worker.Subjects.Decoder.Exporters.ErrorCount(DecodeError.BatchFull));
    }

    [Fact]
    public void The_default_takes_the_largest_that_makes_sense()
    {
        using SmallWorker worker = Fed("");
        Assert.Equal(1408u, worker.Subjects.Logs.Counters.RecordsAppended);
    }

    [Fact]
    public void Data_that_waited_for_their_template_are_stored()
    {
        using SmallWorker worker = Worker("");
        worker.Receive(Records);
        Assert.Equal(0u, worker.Subjects.Logs.Counters.RecordsAppended);
        worker.Receive(Template);
        Assert.Equal(1408u, worker.Subjects.Logs.Counters.RecordsAppended);
    }

    private static SmallWorker Fed(string limit)
    {
        SmallWorker worker = Worker(limit);
        worker.Receive(Template);
        worker.Receive(Records);
        return worker;
    }

    private static SmallWorker Worker(string limit) => new($"listen on 127.0.0.1:9995\nlogfile \"/nowhere/flowd\"\n{limit}\n");
}
