using System;
using System.Collections.Generic;
using System.IO;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>Logs of version 2.</summary>
public class LegacyLogReaderTests
{
    private const int FirstEnd = 16 + 100;

    [Fact]
    public void Reads_what_version_3_would_hold()
    {
        (List<FlowRecord> records, List<LogGap> gaps) = Read(Sample.Legacy, out uint started);

        Assert.Equal(0x41900000u, started);
        Assert.Empty(gaps);
        Assert.Equal(3, records.Count);
        FlowRecord record = records[0];
        Assert.Equal(7u, record.Tag);
        Assert.Equal((0x4190AB00u, 0u), (record.ReceivedSeconds, record.ReceivedMicroseconds));
        Assert.Equal((1u, 2u), (record.InputInterface, record.OutputInterface));
        Assert.Equal((64512u, 65001u, (byte)24, (byte)16), (record.SourceAs, record.DestinationAs, record.SourceMask, record.DestinationMask));
        Assert.Equal(((ushort)3, (ushort)4, 9u, 0u), (record.EngineType, record.EngineId, record.Sequence, record.SourceId));
        Assert.Equal("10.9.9.9", record.GatewayAddress.ToString());
        Assert.Equal((LogFields.Tag, 42u), (records[1].Fields, records[1].Tag));
        Assert.Equal(record, records[2]);
    }

    [Fact]
    public void Every_truncation_ends_quietly()
    {
        byte[] log = Sample.Legacy;
        for (int length = 0; length < log.Length; length++)
        {
            var reader = new LegacyLogReader(new MemoryStream(log, 0, length));
            if (length < LegacyLogReader.HeaderLength)
                Assert.Equal(LogError.Truncated, reader.Status);
            while (reader.TryRead(out _))
            {
            }
        }
    }

    [Fact]
    public void Damage_costs_the_record_that_it_hits()
    {
        byte[] log = Sample.Legacy;
        log[40] ^= 1;
        (List<FlowRecord> records, List<LogGap> gaps) = Read(log, out _);
        Assert.Equal(2, records.Count);
        Assert.Equal(new LogGap(16, FirstEnd - 16, LogError.ChecksumMismatch), Assert.Single(gaps));
    }

    // Without a checksum nearly anything would pass for a record, so reading goes on at one that has it.
    [Fact]
    public void Reading_goes_on_at_a_record_with_a_checksum()
    {
        byte[] log = Sample.Legacy;
        log[16] = 0xFF;
        (List<FlowRecord> records, List<LogGap> gaps) = Read(log, out _);
        Assert.Equal(7u, Assert.Single(records).Tag);
        Assert.Equal(new LogGap(16, FirstEnd - 16 + 8, LogError.UnknownFields), Assert.Single(gaps));
    }

    [Fact]
    public void A_log_of_version_3_is_refused()
    {
        var reader = new LegacyLogReader(new MemoryStream(Sample.Log(2)));
        Assert.Equal(LogError.NotLegacyLog, reader.Status);
        Assert.False(reader.TryRead(out _));
        Assert.Equal(LogError.NotLegacyLog, reader.Status);
    }

    private static (List<FlowRecord> Records, List<LogGap> Gaps) Read(byte[] log, out uint started)
    {
        var records = new List<FlowRecord>();
        var gaps = new List<LogGap>();
        var reader = new LegacyLogReader(new MemoryStream(log), gaps.Add);
        while (reader.TryRead(out FlowRecord record))
            records.Add(record);
        started = reader.StartTime;
        return (records, gaps);
    }
}
