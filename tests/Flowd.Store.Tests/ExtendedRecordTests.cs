using System;
using System.Buffers.Binary;
using CsCheck;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>Records of version 3.1: the octets by hand, and how a reader of 3.0 gets on with them.</summary>
public class ExtendedRecordTests
{
    private const string Body =
        "0000000000000001 0000000000000002" +                                        // start, finish in ns
        "00000064 03 02 0005" +                                                      // 1 of 100, algorithm, options, selector
        "020000000001 020000000002 0064 0065 0066 0067 0800 0000" +                  // MACs, VLANs, ethertype
        "04 01 03 40 08 00 3F 40 011B 20 00" +                                       // status
        "00000000000000000000FFFFC0000205 20010DB8000000000000000000000009 0400 0050 01 000000" +
        "00010140 00020240" + "0000000000000000 0000000000000000 0000000000000000 0000000000000000" +
        "000000000000000A 000000000000000B" +                                        // reverse
        "0D0000000000002A" +                                                         // application
        "00000000000000000000FFFFCB007101 0000FBF0 0000FBF1" +                       // BGP
        "00000000000000000000FFFFC0000263 00000007 00000008 00000009";               // exporter

    private const string Element = "00007AD9 0014 0005 68656C6C6F 000000"; // enterprise 31449, id 20, "hello"

    public static FlowRecord Extended
    {
        get
        {
            FlowRecord record = Sample.Full4;
            record.Fields |= LogFields.Extended;
            LogSections.Table.Get(LogFields.Extended, Hex.Parse(Body), ref record);
            return record;
        }
    }

    [Fact]
    public void Each_section_is_read()
    {
        FlowRecord record = Extended;
        Assert.Equal((1ul, 2ul), (record.FlowStartNanoseconds, record.FlowFinishNanoseconds));
        Assert.Equal(new Sampling(100, 3, SamplingSource.Options, 5), record.Sampling);
        Assert.Equal((0x020000000001ul, 0x020000000002ul), (record.Layer2.SourceMac, record.Layer2.DestinationMac));
        Assert.Equal((100, 101, 102, 103, 0x800), (record.Layer2.Vlan, record.Layer2.PostVlan, record.Layer2.CustomerVlan, record.Layer2.PostCustomerVlan, record.Layer2.EtherType));
        Assert.Equal((4, 1, 3, 0x40, 8, 0), (record.Status.IpVersion, record.Status.Direction, record.Status.EndReason, record.Status.ForwardingStatus, record.Status.IcmpType, record.Status.IcmpCode));
        Assert.Equal((63, 64, 0x11B, 0x20), (record.Status.MinimumTtl, record.Status.MaximumTtl, record.Status.TcpFlags, record.Status.FragmentFlags));
        Assert.Equal(("192.0.2.5", "2001:db8::9", 1024, 80, 1), (record.Nat.PostSource.ToString(), record.Nat.PostDestination.ToString(), record.Nat.PostSourcePort, record.Nat.PostDestinationPort, record.Nat.Event));
        Assert.Equal((0x10140u, 0x20240u, 0u), (record.Mpls[0], record.Mpls[1], record.Mpls[2]));
        Assert.Equal((10ul, 11ul), (record.ReversePackets, record.ReverseOctets));
        Assert.Equal(0x0D0000000000002Aul, record.ApplicationId);
        Assert.Equal(("203.0.113.1", 64496u, 64497u), (record.Bgp.NextHop.ToString(), record.Bgp.NextAdjacentAs, record.Bgp.PreviousAdjacentAs));
        Assert.Equal(("192.0.2.99", 7u, 8u, 9u), (record.Origin.Exporter.ToString(), record.Origin.ObservationDomain, record.Origin.VrfIn, record.Origin.VrfOut));
    }

    // Header, sections of 3.0, those of 3.1, elements, a checksum of these two, and the checksum that a reader of 3.0 expects.
    [Fact]
    public void Every_section_on_disk()
    {
        FlowRecord record = Extended;
        record.Fields |= LogFields.Other;
        byte[] head = Sample.Write(Sample.Full4)[..^4];
        byte[] body = [.. Hex.Parse(Body), 0, 16, .. Hex.Parse(Element), 0, 0];
        head[0] = 0x61;
        head[1] = (byte)((head.Length - 8 + body.Length + 8) / 4);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(4), (uint)record.Fields);
        byte[] expected = [.. head, .. body, .. LogRecordTests.BigEndian(LogRecordTests.ChecksumOracle(body)), .. LogRecordTests.BigEndian(LogRecordTests.ChecksumOracle(head))];

        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(Sample.Write(record, LogFields.Everything, Hex.Parse(Element))));
    }

    [Fact]
    public void Without_elements_it_stays_within_what_the_original_reads()
    {
        FlowRecord record = Sample.Full6 with { };
        record.Fields |= LogFields.Extended;
        Assert.InRange(Sample.Write(record, LogFields.Everything).Length, 8, 126 * 4);
    }

    [Fact]
    public void What_nobody_asked_for_is_not_stored()
    {
        Assert.Equal(Sample.Write(Sample.Full4), Sample.Write(Extended, LogFields.All));
        Assert.Equal(0x60, Sample.Write(Extended with { Fields = Sample.Full4.Fields }, LogFields.Everything)[0]);
    }

    [Fact]
    public void What_is_written_reads_back()
        => Sample.AnyExtended.Sample(sample =>
        {
            byte[] wire = Sample.Write(sample.Record, LogFields.Everything, sample.Other);
            Assert.Equal(0, wire.Length % 4);
            Assert.Equal(LogError.None, LogRecord.TryRead([.. wire, 0xFF], out FlowRecord read, out int consumed));
            Assert.Equal(wire.Length, consumed);
            byte[] other = wire[read.OtherOffset..(read.OtherOffset + read.OtherLength)];
            Assert.Equal(sample.Other, other);
            Assert.Equal(sample.Other.Length > 0, (read.Fields & LogFields.Other) != 0);
            Assert.Equal(wire, Sample.Write(read, LogFields.Everything, other));
            FlowRecord expected = sample.Record with { Fields = read.Fields, Checksum = read.Checksum, OtherOffset = read.OtherOffset, OtherLength = read.OtherLength };
            foreach (LogFields field in (LogFields[])[LogFields.FlowTimesAbs, LogFields.Sampling, LogFields.Layer2, LogFields.Status, LogFields.Nat, LogFields.Mpls, LogFields.Reverse, LogFields.Application, LogFields.Bgp, LogFields.Exporter])
            {
                if ((read.Fields & field) == 0)
                    LogSections.Table.Get(field, new byte[64], ref expected);
            }

            Assert.Equal(expected, read);
        }, iter: 2_000);

    [Fact]
    public void Every_truncation_is_an_error_and_every_flipped_bit_is_found()
    {
        FlowRecord record = Extended;
        record.Fields |= LogFields.Other;
        byte[] wire = Sample.Write(record, LogFields.Everything, Hex.Parse(Element));
        for (int length = 1; length < wire.Length; length++)
            Assert.Equal(LogError.Truncated, LogRecord.TryRead(wire.AsSpan(0, length), out _, out _));
        for (int bit = 0; bit < wire.Length * 8; bit++)
        {
            byte[] damaged = [.. wire];
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.NotEqual(LogError.None, LogRecord.TryRead(damaged, out _, out _));
        }
    }

    [Theory]
    [InlineData("61020000 20000000 00000000 00000000", LogError.LengthMismatch)] // longer than its elements
    [InlineData("61010000 20000000 00040000", LogError.LengthMismatch)]          // elements longer than it
    [InlineData("61040000 20000000 000C 000000000001000500000000 0000", LogError.LengthMismatch)] // a value longer than the elements
    [InlineData("61010000 20000000 00000000", LogError.None)]                    // none
    [InlineData("61000000 20000000", LogError.LengthMismatch)]
    [InlineData("60010000 20000000 00000000", LogError.UnknownFields)]           // 3.0 has no such section
    public void Elements_that_do_not_fit(string hex, LogError expected)
        => Assert.Equal(expected, LogRecord.TryRead(Hex.Parse(hex), out _, out _));

    [Fact]
    public void Elements_that_are_too_many_are_left_out_from_the_end()
    {
        var other = new byte[16 * 64];
        for (int i = 0; i < 64; i++)
            OtherElements.Write(other.AsSpan(i * 16), 9, (ushort)i, [1, 2, 3, 4, 5, 6, 7, 8]);
        FlowRecord record = Extended;
        record.Fields |= LogFields.Other;

        Assert.Equal(LogError.None, LogRecord.TryRead(Sample.Write(record, LogFields.Everything, other), out FlowRecord read, out int length));
        Assert.InRange(length, LogRecord.MaxLength - 20, LogRecord.MaxLength);
        Assert.Equal(0, read.OtherLength % 16);
    }
}
