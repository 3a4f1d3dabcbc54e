using System;
using System.IO;
using System.Text;
using System.Text.Json;
using Flowd.Decode;
using Flowd.Records;
using Flowd.Sinks;
using Flowd.Store;

namespace Flowd.Fuzz;

/// <summary>An invariant that does not hold.</summary>
internal sealed class BrokenException(string message) : Exception(message);

/// <summary>
/// Decodes datagrams with two decoders at once, and looks at each whether everything holds that must: the same result twice, bounded output and
/// allocation, a log and a text that can be read, and that the next good datagram of the same exporter decodes.
/// </summary>
internal sealed class Checker
{
    private const int MostRecords = 2048;
    private const int AllocationAtLeast = 256 * 1024;
    private const int AllocationForOctet = 1200; // a template of four octets and more, a pending set, a stream

    private static readonly byte[] Good5 = Convert.FromHexString("0005000100927C006553F1000000000000000001FFFE0000" + "0A0000010A0000020A0000FE0001000200000003000000B40000100000002000040001BB001B0610FC00FDE918100000");
    private static readonly byte[] Good10 = Convert.FromHexString("000A00316553F10000000001FFFFFFFE" + "0002001401000003000800040" + "00C000400040001" + "0100000D0A0000010A00000206");
    private static readonly DecodeLimits Limits = new() { Exporters = 4, Domains = 4, Streams = 12, Templates = 64, TemplateFields = 4096, PendingOctets = 64 << 10, Samplers = 8 };

    private readonly DatagramDecoder[] _decoders = [Make(), Make()];
    private readonly RecordBatch[] _batches = [new(MostRecords), new(MostRecords)];
    private DirectTwin _direct = new(Limits, MostRecords);
    private readonly byte[] _log = new byte[LogRecord.MaxLength];
    private readonly byte[] _twinLog = new byte[LogRecord.MaxLength];
    private readonly byte[] _copy = new byte[65_536];
    private readonly Utf8Buffer _text = new();
    private readonly TimeText _time = new(TimeZoneInfo.Utc);

    /// <summary>Datagrams so far, and records that came of them.</summary>
    public ulong Executions { get; private set; }
    public ulong Records { get; private set; }

    /// <summary>Of them, those that a decoder left on the wire.</summary>
    public ulong RecordsOnWire => _direct.Records;

    /// <summary>The longest that one took, garbage collection and others on the machine included.</summary>
    public long LongestMilliseconds { get; private set; }

    public void Check(ReadOnlySpan<byte> datagram, uint exporter, uint seconds)
    {
        Executions++;
        var origin = new DatagramOrigin(Address.FromIPv4(exporter), seconds, 250_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = Environment.TickCount64;
        DecodeResult result = Decode(0, datagram, origin);
        LongestMilliseconds = Math.Max(LongestMilliseconds, Environment.TickCount64 - start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (allocated > AllocationAtLeast + (long)datagram.Length * AllocationForOctet)
            throw new BrokenException($"{allocated} octets allocated for {datagram.Length}");
        DecodeResult twin = Decode(1, datagram, origin);
        if ((result.Error, result.Version, result.Domain, result.Missing) != (twin.Error, twin.Version, twin.Domain, twin.Missing))
            throw new BrokenException($"{result} and {twin}");
        Compare(datagram.Length);
        _direct.Check(datagram, origin, _decoders[0], _batches[0]);
        Rewrite(datagram);
        while (DecodePending())
            Compare(datagram.Length + MostRecords);
        CheckGood(origin);
    }

    /// <summary>Forgets everything that datagrams have taught so far.</summary>
    public void Reset()
    {
        for (int which = 0; which < _decoders.Length; which++)
            _decoders[which] = Make();
        _direct = new DirectTwin(Limits, MostRecords);
    }

    private static DatagramDecoder Make() => new(Limits) { KeepsOther = true };

    private DecodeResult Decode(int which, ReadOnlySpan<byte> datagram, DatagramOrigin origin)
    {
        _batches[which].Clear();
        return _decoders[which].Decode(datagram, origin, _batches[which]);
    }

    private bool DecodePending()
    {
        _batches[0].Clear();
        _batches[1].Clear();
        bool isThere = _decoders[0].TryDecodePending(_batches[0], out _);
        if (_decoders[1].TryDecodePending(_batches[1], out _) != isThere)
            throw new BrokenException("pending for one alone");
        if (_direct.CheckPending(_batches[0]) != isThere)
            throw new BrokenException("pending, but not on the wire");
        return isThere;
    }

    private void Compare(int mostRecords)
    {
        int count = _batches[0].Count;
        Records += (ulong)count;
        if (count != _batches[1].Count || count > mostRecords)
            throw new BrokenException($"{count} records, {_batches[1].Count} the second time, of {mostRecords} octets");
        for (int i = 0; i < count; i++)
        {
            ref FlowRecord record = ref _batches[0].Records[i];
            ref FlowRecord twin = ref _batches[1].Records[i];
            int length = LogRecord.Write(in record, LogFields.Everything, _log, _batches[0].OtherOf(in record));
            int twinLength = LogRecord.Write(in twin, LogFields.Everything, _twinLog, _batches[1].OtherOf(in twin));
            if (!_log.AsSpan(0, length).SequenceEqual(_twinLog.AsSpan(0, twinLength)))
                throw new BrokenException("another record the second time");
            if ((Executions + (ulong)i) % 64 == 0)
                ReadBack(length);
        }
    }

    private void ReadBack(int length)
    {
        var reader = new LogReader(new MemoryStream(_log, 0, length));
        if (!reader.TryRead(out FlowRecord record) || reader.TryRead(out _) || reader.Gaps > 0)
            throw new BrokenException("a record that cannot be read");
        _text.Clear();
        FlowJson.Write(_text, in record, LogFields.Everything, _time, _log.AsSpan(0, length));
        JsonDocument.Parse(Encoding.UTF8.GetString(_text.Written)).Dispose();
        _text.Clear();
    }

    private void Rewrite(ReadOnlySpan<byte> datagram)
    {
        Span<byte> copy = _copy.AsSpan(0, datagram.Length);
        datagram.CopyTo(copy);
        if (!_decoders[0].TryRewriteAddresses(copy, static (in address) => address) && !copy.SequenceEqual(datagram))
            throw new BrokenException("changed, though it was not understood");
    }

    private void CheckGood(DatagramOrigin origin)
    {
        byte[] good = Executions % 2 == 0 ? Good5 : Good10;
        for (int which = 0; which < 2; which++)
        {
            DecodeResult result = Decode(which, good, origin);
            if (result.Error != DecodeError.None || _batches[which].Count != 1)
                throw new BrokenException($"a good datagram of version {result.Version} afterwards gives {result.Error} and {_batches[which].Count} records");
        }

        _direct.Check(good, origin, _decoders[0], _batches[0]);
    }
}
