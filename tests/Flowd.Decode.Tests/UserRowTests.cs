using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Decode;
using Flowd.Records;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>
/// What users of other collectors complained of, a row each: sampling rates, templates, times, devices. The numbers are those of the list of complaints that
/// the project keeps; what is no matter of decoding has its test elsewhere.
/// </summary>
public class UserRowTests
{
    private const uint Rate = 100;

    // An options template 257 with a scope of four octets and a rate (34), and its record: one of 100.
    private const string RateTemplate = "0101 0002 0001 0095 0004 0022 0004";
    private const string RateRecord = "0000002A 00000064";

    // Template 258: source, packets, sampler. A record: three packets.
    private static readonly string SamplerTemplate = Template(258, (8, 4), (2, 4), (302, 2));
    private static readonly string CountTemplate = Template(256, (8, 4), (2, 4));
    private const string CountRecord = "0A000001 00000003";

    private static readonly Dictionary<int, Action<Collector>> Rows = new()
    {
        [1] = static c => // the rate comes from another source port, which nothing here even knows of
        {
            c.Send(Ipfix(Set(3, RateTemplate), Set(257, RateRecord)));
            c.Send(Ipfix(Set(2, CountTemplate), Set(256, CountRecord)));
            AssertRate(c, Rate, SamplingSource.Options);
            Assert.DoesNotContain(typeof(DatagramOrigin).GetProperties(), property => property.Name.Contains("Port", StringComparison.Ordinal));
        },
        [3] = static c => // one packet, then 99 that are not: one of 100, not of 99
        {
            c.Send(Ipfix(Set(3, "0101 0004 0001 0095 0004 0130 0002 0131 0004 0132 0004"), Set(257, "0000002A 0001 00000001 00000063"), Set(2, CountTemplate), Set(256, CountRecord)));
            AssertRate(c, Rate, SamplingSource.Options);
        },
        [4] = static c => // two of 1000
        {
            c.Send(Ipfix(Set(3, "0101 0003 0001 0095 0004 0135 0004 0136 0004"), Set(257, "0000002A 00000002 000003E8"), Set(2, CountTemplate), Set(256, CountRecord)));
            AssertRate(c, 500, SamplingSource.Options);
        },
        [5] = static c => // a selector that nobody announced has the rate of its domain, and counters stay
        {
            c.Send(Ipfix(Set(3, RateTemplate), Set(257, RateRecord), Set(2, SamplerTemplate), Set(258, CountRecord + "0000", CountRecord + "0009")));
            Assert.All(c.Batch.Records.ToArray(), record => Assert.Equal((Rate, 3ul), (record.Sampling.Rate, record.Packets)));
        },
        [6] = AssertRaw,
        [7] = static c => // options are no flows, whether they tell a rate or not
        {
            c.Send(Ipfix(Set(3, "0101 0002 0001 0095 0004 0008 0004"), Set(257, "0000002A 0A000001")));
            Assert.Equal(0, c.Batch.Count);
        },
        [8] = AssertRaw, // both values are there for who wants to multiply them
        [9] = static c =>
        {
            c.Send(Ipfix(Set(2, Template(256, (8, 4), (34, 4))), Set(256, "0A000001 00000000")));
            Assert.Equal((0u, 1ul), (c.Batch.Records[0].Sampling.Rate, c.Decoder.Exporters.ByUse.Single().Streams.Single().SamplingUnknown));
            c.Decoder.SetSampling(new SamplingSettings(64, []));
            c.Send(Ipfix(Set(256, "0A000001 00000000")));
            AssertRate(c, 64, SamplingSource.Configuration);
        },
        [10] = static c => // the header of v5 says nothing, the configuration knows better
        {
            c.Decoder.SetSampling(new SamplingSettings(0, [(new Prefix(Collector.Someone, 32), 512)]));
            c.Send(NetFlow5(1, NetFlow5Record));
            AssertRate(c, 512, SamplingSource.Configuration);
        },
        [11] = static c => // options of domain 0, data of domain 42
        {
            c.Send(Of(0, Set(3, RateTemplate), Set(257, RateRecord)));
            c.Send(Ipfix(Set(2, CountTemplate), Set(256, CountRecord)));
            AssertRate(c, Rate, SamplingSource.Options);
        },
        [12] = static c => // what a record says itself wins
        {
            c.Send(Ipfix(Set(3, RateTemplate), Set(257, RateRecord), Set(2, Template(256, (8, 4), (34, 4))), Set(256, "0A000001 00000007")));
            AssertRate(c, 7, SamplingSource.Record);
        },
        [13] = static c => // two selectors, each with its own
        {
            c.Send(Ipfix(
                Set(3, "0101 0002 0001 012E 0002 0022 0004"), Set(257, "0001 00000064", "0002 000003E8"), Set(2, SamplerTemplate), Set(258, CountRecord + "0002", CountRecord + "0001")));
            Assert.Equal([1000u, 100u], c.Batch.Records.ToArray().Select(record => record.Sampling.Rate));
        },
        [14] = static c => // unknown is no reason to drop anything
        {
            c.Send(Ipfix(Set(2, CountTemplate), Set(256, CountRecord)));
            Assert.Equal((1, 0u), (c.Batch.Count, c.Batch.Records[0].Sampling.Rate));
            Assert.Equal(1ul, c.Decoder.Exporters.ByUse.Single().Streams.Single().SamplingUnknown);
        },
        [15] = AssertPersists,
        [16] = static c => // data wait for their template
        {
            c.Send(Ipfix(Set(256, CountRecord)));
            c.Send(Ipfix(Set(2, CountTemplate)));
            Assert.NotNull(c.TakePending());
            Assert.Equal(3ul, c.Batch.Records[0].Packets);
        },
        [17] = AssertPersists, // another instance takes what this one knew
        [18] = static c => // a damaged state is a hint that is not taken
        {
            byte[] state = StateOf(c);
            for (int i = 0; i < state.Length; i++)
            {
                byte[] damaged = [.. state];
                damaged[i] ^= 0xFF;
                var other = new Collector();
                DecoderState.TryRead(damaged, other.Decoder);
                Assert.Equal(DecodeError.None, other.Send(Ipfix(Set(2, CountTemplate), Set(256, CountRecord))).Error);
            }
        },
        [19] = static c => // one identifier, two exporters, two domains: four layouts
        {
            Address[] exporters = [Address.FromIPv4(1), Address.FromIPv4(2)];
            foreach (uint domain in new uint[] { 1, 2 })
            {
                c.Send(Of(domain, Set(2, Template(256, (8, 4)))), exporters[0]);
                c.Send(Of(domain + 2, Set(2, Template(256, (12, 4)))), exporters[1]);
            }

            c.Send(Of(1, Set(256, "0A000001")), exporters[0]);
            Assert.Equal(Address.FromIPv4(0x0A000001), c.Batch.Records[0].SourceAddress);
            c.Send(Of(3, Set(256, "0A000001")), exporters[1]);
            Assert.Equal(Address.FromIPv4(0x0A000001), c.Batch.Records[0].DestinationAddress);
            Assert.Equal(DecodeError.UnknownTemplate, c.Send(Of(1, Set(256, "0A000001")), exporters[1]).Error);
        },
        [20] = static c => // a jump in the sequence, and one back, drop no template
        {
            c.Send(Ipfix(Set(2, CountTemplate)));
            foreach (uint sequence in new uint[] { 1, 0xFFFFFFFF, 5, 0x80000000 })
                Assert.Equal(DecodeError.None, c.Send(Hex.Parse(U16(10), U16(28), U32(ExportSeconds), U32(sequence), U32(42), Set(256, CountRecord))).Error);
        },
        [21] = AssertPersists,
        [22] = static c => // both families in one template: by ipVersion, else what is not zero
        {
            string six = "20010DB8000000000000000000000001";
            c.Send(Ipfix(Set(2, Template(256, (8, 4), (27, 16))), Set(256, "0A000001" + Repeat("00", 16), "00000000" + six)));
            Assert.Equal(["10.0.0.1", "2001:db8::1"], c.Batch.Records.ToArray().Select(record => record.SourceAddress.ToString()));
            c.Send(Ipfix(Set(2, Template(257, (60, 1), (8, 4), (27, 16))), Set(257, "06 0A000001" + six, "04 0A000001" + six)));
            Assert.Equal(["2001:db8::1", "10.0.0.1"], c.Batch.Records.ToArray().Select(record => record.SourceAddress.ToString()));
        },
        [23] = static c => // a field without octets
        {
            c.Send(Ipfix(Set(2, Template(256, (8, 4), (82, 0), (2, 4))), Set(256, CountRecord)));
            Assert.Equal(3ul, c.Batch.Records[0].Packets);
        },
        [24] = static c => // number 8 of enterprise 9 is no source address
        {
            c.Send(Ipfix(Set(2, "0100 0002 8008 0004 00000009 0008 0004"), Set(256, "C0000201 0A000001")));
            Assert.Equal(Address.FromIPv4(0x0A000001), c.Batch.Records[0].SourceAddress);
        },
        [34] = static c => // nanoseconds, as VPP has them
        {
            c.Send(Ipfix(Set(2, Template(256, (8, 4), (156, 8), (157, 8))), Set(256, "0A000001" + Ntp(1_699_999_999, 0) + Ntp(1_700_000_000, 0x8000_0000))));
            AssertTimes(c, 1_699_999_999_000_000_000, 1_700_000_000_500_000_000);
        },
        [35] = static c => // a quarter of a second is a quarter of 2^32
        {
            c.Send(Ipfix(Set(2, Template(256, (8, 4), (154, 8), (155, 8))), Set(256, "0A000001" + Ntp(1_699_999_999, 0x4000_0000) + Ntp(1_700_000_000, 0xC000_0000))));
            AssertTimes(c, 1_699_999_999_250_000_000, 1_700_000_000_750_000_000);
        },
        [36] = static c => // uptimes of eight octets, and times of 1970 in their place
        {
            c.Send(NetFlow9(2, Set(0, Template(256, (8, 4), (22, 8), (21, 8))), Set(256, "0A000001" + "0000018BCFE56418" + "0000018BCFE56800")));
            AssertTimes(c, 1_699_999_999_000_000_000, 1_700_000_000_000_000_000);
            Assert.Equal((Uptime - 1000, Uptime), (c.Batch.Records[0].FlowStart, c.Batch.Records[0].FlowFinish));
            c.Send(NetFlow9(2, Set(0, Template(256, (8, 4), (22, 8), (21, 8))), Set(256, "0A000001" + "0000000000927410" + "00000000009277F8")));
            AssertTimes(c, 1_699_999_998_000_000_000 - 32_000_000, 1_699_999_999_000_000_000 - 32_000_000);
        },
        [37] = static c => // seconds, milliseconds, microseconds before the export; uptimes beside times stay what they are
        {
            foreach (string order in new[] { "0098 0008 0099 0008 0016 0004 0015 0004", "0016 0004 0015 0004 0098 0008 0099 0008" })
            {
                bool areTimesFirst = order.StartsWith("0098", StringComparison.Ordinal);
                string times = "0000018BCFE56418 0000018BCFE56800", uptimes = "00000007 00000009";
                c.Send(NetFlow9(2, Set(0, "0100 0005 0008 0004", order), Set(256, "0A000001", areTimesFirst ? times + uptimes : uptimes + times)));
                AssertTimes(c, 1_699_999_999_000_000_000, 1_700_000_000_000_000_000);
                Assert.Equal((7u, 9u), (c.Batch.Records[0].FlowStart, c.Batch.Records[0].FlowFinish));
            }

            c.Send(Ipfix(Set(2, Template(256, (8, 4), (150, 4), (151, 4))), Set(256, "0A000001 6553F0FF 6553F100")));
            AssertTimes(c, 1_699_999_999_000_000_000, 1_700_000_000_000_000_000);
            c.Send(Ipfix(Set(2, Template(257, (8, 4), (152, 8), (153, 8))), Set(257, "0A000001 0000018BCFE564FF 0000018BCFE56800")));
            AssertTimes(c, 1_699_999_999_231_000_000, 1_700_000_000_000_000_000);
            c.Send(Ipfix(Set(2, Template(258, (8, 4), (158, 4), (159, 4))), Set(258, "0A000001 000F4240 00000000")));
            AssertTimes(c, 1_699_999_999_000_000_000, 1_700_000_000_000_000_000);
        },
        [38] = static c => // an uptime of zero in the header, and flows that began before it
        {
            byte[] datagram = NetFlow9(2, Set(0, Template(256, (8, 4), (22, 4), (21, 4))), Set(256, "0A000001 FFFFFFF0 00000010"));
            datagram.AsSpan(4, 4).Clear();
            c.Send(datagram);
            Assert.InRange(c.Batch.Records[0].FlowStartNanoseconds, 0u, 1_700_000_600_000_000_000u);
        },
        [51] = static c => // a denied flow of an ASA: its event, and the translated ends
        {
            c.Send(NetFlow9(2, Set(0, Template(256, (8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (225, 4), (226, 4), (227, 2), (228, 2), (233, 1), (231, 4), (232, 4))),
                Set(256, "0A000001 0A000002 0400 01BB 06 C0000205 C6336409 1000 0050 03 00000064 000000C8")));
            FlowRecord record = Assert.Single(c.Batch.Records.ToArray());
            Assert.Equal(("192.0.2.5", 0x1000, "198.51.100.9", 80), (record.Nat.PostSource.ToString(), record.Nat.PostSourcePort, record.Nat.PostDestination.ToString(), record.Nat.PostDestinationPort));
            Assert.Equal((100ul, 200ul), (record.Octets, record.ReverseOctets));
        },
        [52] = static c =>
        {
            c.Send(NetFlow9(2, Set(0, Template(256, (8, 4), (225, 4), (227, 2), (230, 1))), Set(256, "0A000001 C0000205 1000 01")));
            Assert.Equal((0x1000, 1), (c.Batch.Records[0].Nat.PostSourcePort, c.Batch.Records[0].Nat.Event));
        },
        [53] = static c => // a field that says it is longer than the datagram
        {
            Assert.Equal(DecodeError.Truncated, c.Send(Ipfix(Set(2, Template(256, (8, 4), (82, 65535), (2, 4))), Set(256, "0A000001 02 6162 00000003 0A000001 FF FFFF 6162"))).Error);
            Assert.Equal(1, c.Batch.Count);
        },
        [54] = static c => // the interface of the device itself, and none at all
        {
            c.Send(Ipfix(Set(2, Template(256, (8, 4), (10, 4), (14, 4)), Template(257, (8, 4))), Set(256, "0A000001 3FFFFFFF 00000000"), Set(257, "0A000002")));
            Assert.Equal((2, 0x3FFFFFFFu), (c.Batch.Count, c.Batch.Records[0].InputInterface));
        },
        [55] = static c => // the index stays, and its name is told
        {
            c.Decoder.KeepsNotes = true;
            c.Send(Ipfix(Set(3, "0101 0002 0001 000A 0004 0052 0004"), Set(257, "00000003 65746830")));
            Assert.Equal(NoteKind.Options, Assert.Single(c.Decoder.Notes.Notes).Kind);
        },
    };

    // 2: two ports are two sockets of one address, which the first row has. 56: IPv4 in IPv6, which sockets undo (EndpointTests).
    private static readonly int[] Elsewhere = [2, 56];

    public static TheoryData<int> Numbers => [.. Rows.Keys];

    [Theory, MemberData(nameof(Numbers))]
    public void A_complaint_has_no_ground_here(int row) => Rows[row](new Collector());

    [Fact]
    public void No_row_is_left_out()
        => Assert.Equal([.. Enumerable.Range(1, 24), .. Enumerable.Range(34, 5), .. Enumerable.Range(51, 6)], Rows.Keys.Concat(Elsewhere).Order());

    private static void AssertRaw(Collector c)
    {
        c.Send(Ipfix(Set(3, RateTemplate), Set(257, RateRecord), Set(2, CountTemplate), Set(256, CountRecord)));
        Assert.Equal((3ul, Rate), (c.Batch.Records[0].Packets, c.Batch.Records[0].Sampling.Rate));
    }

    // Templates and rates outlive the program.
    private static void AssertPersists(Collector c)
    {
        var next = new Collector();
        Assert.Equal(StateError.None, DecoderState.TryRead(StateOf(c), next.Decoder));
        Assert.Equal(DecodeError.None, next.Send(Ipfix(Set(256, CountRecord))).Error);
        AssertRate(next, Rate, SamplingSource.Options);
    }

    private static byte[] StateOf(Collector c)
    {
        c.Send(Ipfix(Set(3, RateTemplate), Set(257, RateRecord), Set(2, CountTemplate)));
        byte[] state = new byte[4096];
        return state[..DecoderState.Write(c.Decoder.Exporters, state)];
    }

    private static void AssertRate(Collector c, uint rate, SamplingSource source)
        => Assert.All(c.Batch.Records.ToArray(), record => Assert.Equal((rate, source), (record.Sampling.Rate, record.Sampling.Source)));

    private static void AssertTimes(Collector c, ulong start, ulong finish)
    {
        FlowRecord record = Assert.Single(c.Batch.Records.ToArray());
        Assert.Equal((start, finish), (record.FlowStartNanoseconds, record.FlowFinishNanoseconds));
    }

    private static byte[] Of(uint domain, params string[] sets) => IpfixOf(domain, 16 + Hex.Parse(sets).Length, sets);

    private static string Ntp(uint seconds, uint fraction) => U32(seconds + 2_208_988_800u) + U32(fraction);
}
