using System;
using System.Buffers.Binary;
using System.Linq;
using Flowd.Decode;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>Messages that came over connections (RFC 7011 section 8): templates and sequences are those of one session.</summary>
public class SessionTests
{
    private static readonly byte[] Template = Ipfix(Set(2, SmallTemplate));
    private static readonly byte[] Data = Ipfix(Set(256, SmallRecord));

    private readonly Collector _collector = new();

    [Fact]
    public void A_template_counts_in_its_session_alone()
    {
        Send(1, Template);

        Assert.Equal(DecodeError.None, Send(1, Data));
        Assert.Equal(DecodeError.UnknownTemplate, Send(2, Data));
        Assert.Equal(DecodeError.UnknownTemplate, Send(0, Data));
    }

    [Fact]
    public void Sessions_may_use_one_identifier_for_different_templates()
    {
        Send(1, Template);
        Send(2, Ipfix(Set(2, Template(256, (12, 4), (8, 4), (4, 1)))));

        Send(1, Data);
        string source = _collector.Batch.Records[0].SourceAddress.ToString();
        Send(2, Data);
        Assert.Equal(source, _collector.Batch.Records[0].DestinationAddress.ToString());
    }

    [Fact]
    public void Templates_end_with_their_session()
    {
        foreach (ulong session in (ulong[])[0, 1, 2, 3])
            Send(session, Template);
        ExporterTable exporters = _collector.Decoder.Exporters;

        exporters.EndSession(Collector.Someone, 2);
        Assert.Equal([true, true, false, true], Known());
        exporters.EndSession(Collector.Someone, 0xDEAD); // nobody's
        exporters.EndSessions(before: 3);
        Assert.Equal([true, false, false, true], Known());
        exporters.EndSessions(before: ulong.MaxValue);
        Assert.Equal([true, false, false, false], Known());
        exporters.EndSession(Flowd.Records.Address.FromIPv4(1), 1); // an exporter that is not known

        bool[] Known() => [.. new ulong[] { 0, 1, 2, 3 }.Select(session => Send(session, Data) == DecodeError.None)];
    }

    [Fact]
    public void Fields_of_templates_that_ended_are_not_counted_any_more()
    {
        for (ulong session = 1; session <= 100; session++)
        {
            Send(session, Template);
            _collector.Decoder.Exporters.EndSession(Collector.Someone, session);
        }

        Assert.Equal((0, 0), (_collector.Decoder.Exporters.TemplateFields, _collector.Decoder.Exporters.Find(Collector.Someone)!.TemplateCount));
    }

    [Fact]
    public void Templates_of_a_connection_do_not_age()
    {
        var collector = new Collector(new DecodeLimits { TemplateSeconds = 60 });
        Send(collector, 1, Template);
        collector.Now += 100_000;
        Assert.Equal(DecodeError.None, Send(collector, 1, Data));
    }

    [Fact]
    public void A_sequence_begins_anew_with_its_session()
    {
        byte[] both = Ipfix(Set(2, SmallTemplate), Set(256, SmallRecord));
        foreach ((ulong session, uint sequence) in ((ulong, uint)[])[(1, 100), (1, 101), (2, 90), (2, 91), (2, 95), (1, 50_000_000), (1, 50_000_001)])
        {
            BinaryPrimitives.WriteUInt32BigEndian(both.AsSpan(8), sequence);
            Send(session, both);
        }

        ExportStream stream = Assert.Single(_collector.Decoder.Exporters.Find(Collector.Someone)!.Streams);
        Assert.Equal((1ul, 3ul, 0ul, 0ul), (stream.Gaps, stream.Lost, stream.OutOfOrder, stream.Resets));
    }

    [Fact]
    public void A_saved_state_knows_the_sessions()
    {
        Send(7, Template);
        byte[] state = new byte[1 << 16];
        int length = DecoderState.Write(_collector.Decoder.Exporters, state);
        var loaded = new Collector();

        Assert.Equal(StateError.None, DecoderState.TryRead(state.AsSpan(0, length), loaded.Decoder));

        Assert.Equal(DecodeError.None, Send(loaded, 7, Data));
        Assert.Equal(DecodeError.UnknownTemplate, Send(loaded, 8, Data));
    }

    private DecodeError Send(ulong session, byte[] message) => Send(_collector, session, message);

    private static DecodeError Send(Collector collector, ulong session, byte[] message)
    {
        collector.Batch.Clear();
        return collector.Decoder.Decode(message, new DatagramOrigin(Collector.Someone, collector.Now, 0) { Session = session }, collector.Batch).Error;
    }
}
