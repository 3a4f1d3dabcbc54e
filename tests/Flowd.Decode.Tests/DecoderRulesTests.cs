using System;
using System.Linq;
using System.Threading.Tasks;
using CsCheck;
using Flowd.Decode;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Rules that every decoder obeys, whatever it is fed. A new decoder is added to the table, not to a new test.</summary>
public class DecoderRulesTests
{
    private static readonly string Sets = Wire.Set(256, Wire.Repeat(Wire.SmallRecord, 3), "00") + Wire.Set(257, "03 616263 20010DB8000000000000000000000001 0400")
        + Wire.Set(258, "0001 00000064");

    private static readonly (string Name, byte[] Valid)[] Rows =
    [
        ("netflow1", Wire.NetFlow1(2, Wire.Repeat(Wire.NetFlow1Record, 2))),
        ("netflow5", Wire.NetFlow5(2, Wire.Repeat(Wire.NetFlow5Record, 2))),
        ("netflow7", Wire.NetFlow7(2, Wire.Repeat(Wire.NetFlow7Record, 2))),
        ("netflow9", Wire.NetFlow9(8, Wire.Set(0, Wire.SmallTemplate, Wire.Template(257, (82, 65535), (27, 16), (7, 2))),
            Wire.Set(1, "0102 0004 0004 0001 0002 0022 0004", "0000"), Sets)),
        ("ipfix", Wire.Ipfix(Wire.Set(2, Wire.SmallTemplate, Wire.Template(257, (82, 65535), (27, 16), (7, 2))),
            Wire.Set(3, "0102 0002 0001 0095 0002 0022 0004"), Wire.Set(2, "0110 0001 8001 0004 00007279"), Sets)),
    ];

    public static TheoryData<string> Names => [.. Rows.Select(r => r.Name)];

    private static byte[] Valid(string name) => Rows.Single(r => r.Name == name).Valid;

    [Theory, MemberData(nameof(Names))]
    public void The_sample_is_valid(string name)
    {
        var collector = new Collector();
        Assert.Equal(DecodeError.None, collector.Send(Valid(name)).Error);
        Assert.InRange(collector.Batch.Count, 2, 4);
    }

    // A v9 message that was cut between two sets still gives itself away by its count.
    [Theory, MemberData(nameof(Names))]
    public void Every_truncation_is_an_error(string name)
    {
        byte[] valid = Valid(name);
        for (int length = 0; length < valid.Length; length++)
            Assert.NotEqual(DecodeError.None, new Collector().Send(valid.AsSpan(0, length)).Error);
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_single_octet_change_terminates_without_an_exception(string name)
    {
        byte[] damaged = [.. Valid(name)];
        var collector = new Collector();
        for (int i = 0; i < damaged.Length; i++)
        {
            byte original = damaged[i];
            for (int value = 0; value <= byte.MaxValue; value++)
            {
                damaged[i] = (byte)value;
                collector.Send(damaged);
            }

            damaged[i] = original;
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Random_octets_after_a_valid_start_never_throw(string name)
    {
        byte[] valid = Valid(name);
        Gen.Select(Gen.Int[0, valid.Length], Gen.Byte.Array[0, 512])
            .Sample((keep, tail) => { new Collector(batchCapacity: 64).Send([.. valid.AsSpan(0, keep), .. tail]); }, iter: 2_000);
    }

    // A read past the end then gives a wrong answer, not a lucky one.
    [Theory, MemberData(nameof(Names))]
    public void What_surrounds_the_datagram_does_not_matter(string name)
    {
        byte[] valid = Valid(name);
        for (int length = 0; length <= valid.Length; length++)
        {
            var surrounded = new byte[length + 64];
            surrounded.AsSpan().Fill(0xFF);
            valid.AsSpan(0, length).CopyTo(surrounded.AsSpan(32));
            var one = new Collector();
            var other = new Collector();
            Assert.Equal(one.Send(valid.AsSpan(0, length)) with { Stream = null }, other.Send(surrounded.AsSpan(32, length)) with { Stream = null });
            Assert.Equal(one.Batch.Records.ToArray(), other.Batch.Records.ToArray());
            Assert.Equal(one.Errors, other.Errors);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Decoding_does_not_allocate(string name)
    {
        byte[] valid = Valid(name); // with its templates, which are repetitions from the second time on
        var collector = new Collector();
        for (int i = 0; i < 100; i++)
            collector.Send(valid);

        Assert.Equal(0, Allocation.LeastOf(() =>
        {
            for (int i = 0; i < 100; i++)
                collector.Send(valid);
        }));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_full_batch_keeps_what_it_has(string name)
    {
        var collector = new Collector(batchCapacity: 1);
        Assert.Equal(DecodeError.BatchFull, collector.Send(Valid(name)).Error);
        Assert.Equal(1, collector.Batch.Count);
        Assert.Equal(1ul, collector.Decoder.Exporters.ErrorCount(DecodeError.BatchFull));
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_record_says_who_sent_it_and_when(string name)
    {
        var collector = new Collector();
        collector.Send(Valid(name));
        const LogFields Always = LogFields.RecvTime | LogFields.AgentAddr4 | LogFields.AgentInfo | LogFields.Crc32;
        foreach (FlowRecord record in collector.Batch.Records)
        {
            Assert.Equal(Always, record.Fields & Always);
            Assert.Equal((Collector.Someone, 1_700_000_001u, 250_000u, Wire.ExportSeconds),
                (record.AgentAddress, record.ReceivedSeconds, record.ReceivedMicroseconds, record.ExportSeconds));
        }
    }

    // Workers decode at the same time. A buffer that they shared has once mixed up their templates.
    [Theory, MemberData(nameof(Names))]
    public void Decoders_on_several_threads_do_not_meet(string name)
    {
        byte[] valid = Valid(name);
        var reference = new Collector();
        reference.Send(valid);
        FlowRecord[] expected = reference.Batch.Records.ToArray();
        Parallel.For(0, 200, _ =>
        {
            var collector = new Collector(batchCapacity: 16);
            for (int i = 0; i < 20; i++)
            {
                collector.Decoder.Exporters.Remove(Collector.Someone);
                Assert.Equal(DecodeError.None, collector.Send(valid).Error);
                Assert.True(collector.Batch.Records.SequenceEqual(expected));
            }
        });
    }
}
