using System;
using System.IO;
using System.Linq;
using Flowd.Records;
using Flowd.Store;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Tests;

/// <summary>Torn and rotten logs, of ten thousand records: what no damage touched is read, what was not written is not, in linear time.</summary>
public sealed class LogDamageTests : IDisposable
{
    // What stands in a record from its source address on, but the checksum.
    private const LogFields Rest = LogFields.SrcAddr6 | LogFields.DstAddr6 | LogFields.GatewayAddr6 | LogFields.SrcDstPort | LogFields.Packets | LogFields.Octets
        | LogFields.IfIndices | LogFields.AgentInfo | LogFields.FlowTimes | LogFields.AsInfo | LogFields.FlowEngineInfo;

    private static readonly DamagedLog Ordinary = new(static i => i % 3 == 0 ? Sample.Full6 : Sample.Full4);

    // What exporters may put into two addresses and the gateway: the header of a record that ends where the one around it does, of one that
    // ends where the same stands in the next; a chain of them; and some with checksums, alone and in a chain.
    private static readonly byte[][] Inner =
    [
        UncheckedHeader(LogFields.Tag | Rest & ~LogFields.FlowTimes, 128),
        UncheckedHeader(LogFields.Tag | LogFields.RecvTime | LogFields.ProtoFlagsTos | LogFields.AgentAddr6 | Rest, 164),
        [.. Sample.Write(Sample.Full4, LogFields.Tag), .. Sample.Write(Sample.Full4, LogFields.SrcAddr4), .. Sample.Write(Sample.Full4, LogFields.Packets)],
        Sample.Write(Sample.Full4, LogFields.Tag | LogFields.Crc32),
        [.. Sample.Write(Sample.Full4, LogFields.Tag | LogFields.Crc32), .. Sample.Write(Sample.Full4, LogFields.Octets | LogFields.Crc32)],
        Sample.Write(Sample.Full4, LogFields.SrcAddr4 | LogFields.DstAddr4 | LogFields.Packets | LogFields.Octets | LogFields.Crc32),
    ];

    private static readonly DamagedLog Hostile = new(static i => Sample.Full6 with
    {
        Fields = Sample.Full6.Fields & ~LogFields.Tag,
        SourceAddress = AddressOf(Inner[i / 100 % Inner.Length], 0),
        DestinationAddress = AddressOf(Inner[i / 100 % Inner.Length], 16),
        GatewayAddress = AddressOf(Inner[i / 100 % Inner.Length], 32),
    });

    private readonly string _folder = Directory.CreateTempSubdirectory("flowd-damage-").FullName;

    private string File => Path.Combine(_folder, "flowd.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<bool> Logs => [false, true];

    [Theory, MemberData(nameof(Logs))]
    public void A_log_that_is_cut_loses_the_record_that_is_cut(bool isHostile)
    {
        DamagedLog log = isHostile ? Hostile : Ordinary;
        for (int length = log.Starts[DamagedLog.Count - 3]; length < log.Octets.Length; length++)
        {
            bool[] isTouched = [.. Enumerable.Range(0, DamagedLog.Count).Select(i => log.Starts[i + 1] > length)];
            log.MustYield(new MemoryStream(log.Octets, 0, length), isTouched, $"cut at {length}");
        }
    }

    [Theory, MemberData(nameof(Logs))]
    public void A_log_that_is_cut_is_appended_to_behind_the_last_whole_record(bool isHostile)
    {
        DamagedLog log = isHostile ? Hostile : Ordinary;
        FlowRecord more = Sample.Full6;
        for (int length = log.Starts[DamagedLog.Count - 3]; length < log.Octets.Length; length++)
        {
            int whole = log.Starts.Last(start => start <= length);
            System.IO.File.WriteAllBytes(File, log.Octets.AsSpan(0, length));
            using (var appender = new LogAppender(LogFields.All))
            {
                LogOpenResult expected = whole == length ? default : new LogOpenResult(LogError.None, whole, length - whole);
                Assert.Equal(expected, appender.Attach(Open()));
                for (int i = 0; i < 3; i++)
                    appender.Append(more);
                Assert.True(appender.Flush().Succeeded);
            }

            byte[] after = System.IO.File.ReadAllBytes(File);
            byte[] added = Sample.Write(more);
            Assert.Equal(log.Octets.AsSpan(0, whole), after.AsSpan(0, whole));
            Assert.Equal([.. added, .. added, .. added], after.AsSpan(whole));
        }
    }

    [Theory]
    [InlineData(false, 10_000)]
    [InlineData(true, 3_000)]
    public void Random_damage_costs_what_it_touches_and_invents_nothing(bool isHostile, int damages)
    {
        DamagedLog log = isHostile ? Hostile : Ordinary;
        for (int i = 0; i < damages; i++)
        {
            (Stream damaged, bool[] isTouched) = log.Damage(new Random(i));
            log.MustYield(damaged, isTouched, $"damage {i}");
        }
    }

    private static Address AddressOf(byte[] inner, int at)
    {
        var wire = new byte[16];
        inner.AsSpan(Math.Min(at, inner.Length), Math.Max(0, Math.Min(16, inner.Length - at))).CopyTo(wire);
        return Address.FromIPv6(wire);
    }

    private static byte[] UncheckedHeader(LogFields fields, int length)
    {
        byte[] record = Sample.Write(Sample.Full6 with { Fields = fields });
        Assert.Equal(length, record.Length);
        return record[..LogRecord.HeaderLength];
    }

    private SafeFileHandle Open() => System.IO.File.OpenHandle(File, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
}
