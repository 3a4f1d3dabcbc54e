using System;
using System.Numerics;
using System.Threading;
using Flowd.Records;
using Flowd.Store.Copying;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>
/// What the header of a version 3 record implies, worked out once for all records that have the same: how long they are, where each section stands, what
/// the checksums cover. <see cref="LogRecord.Check"/> and <see cref="LogRecord.Decode"/> say what is right; a test holds this against them.
/// </summary>
internal sealed class RecordLayout
{
    private const int Word = 4;
    private const int ManyRecords = 256; // for which it pays to prepare

    private readonly ushort[] _offsets = new ushort[32];
    private readonly int _end; // of the sections of 3.0, which the last checksum covers
    private readonly int _fixedEnd; // of all sections of fixed length
    private WireLayout? _values;
    private RunChecksum[]? _checksums;
    private int _verified; // together, by any thread, more or less

    private RecordLayout(ulong header, LogFields fields)
    {
        Header = header;
        Fields = fields;
        Length = LogRecord.HeaderLength + (int)(header >> 48 & 0xFF) * Word;
        _end = Place(fields & LogFields.All, LogRecord.HeaderLength);
        _fixedEnd = Place(fields & LogFields.Extended, _end);
    }

    /// <summary>The 8 octets that this is about.</summary>
    public ulong Header { get; }

    public LogFields Fields { get; }

    /// <summary>Of the whole record, in octets.</summary>
    public int Length { get; }

    public bool IsChecked => (Fields & LogFields.Crc32) != 0;

    /// <summary>Where the values stand.</summary>
    public WireLayout Values => _values ?? Interlocked.CompareExchange(ref _values, NewValues(), null) ?? _values;

    private WireLayout NewValues() => new(Fields, Length, [.. ValuePlace.In(Fields, _offsets)]);

    private int Least => _fixedEnd + ((Fields & LogFields.Other) != 0 ? Word : 0) + (IsChecked ? SectionTable.ChecksumLength : 0);

    /// <summary>Null if no record begins so, or only one of a minor version that is newer than ours.</summary>
    public static RecordLayout? Of(ulong header)
    {
        Span<byte> octets = stackalloc byte[LogRecord.MaxLength];
        octets.Clear();
        WriteUInt64BigEndian(octets, header);
        if (LogRecord.IsNewer(octets))
            return null;
        // Of a record of zeros all is right but what depends on its content: checksums, and how far the elements go.
        LogError error = LogRecord.Check(octets, out int length);
        var fields = (LogFields)(uint)(header & uint.MaxValue);
        bool isHeader = error == LogError.None || (error == LogError.ChecksumMismatch && length > 0) || (error == LogError.LengthMismatch && (fields & LogFields.Other) != 0);
        var layout = isHeader ? new RecordLayout(header, fields) : null;
        return layout is not null && layout.Length >= layout.Least ? layout : null;
    }

    /// <summary>True if the octets that are there begin with a whole true record with this header, which the caller has compared.</summary>
    public bool IsTrue(ReadOnlySpan<byte> source)
    {
        if (source.Length < Length)
            return false;
        ReadOnlySpan<byte> record = source[..Length];
        if ((Fields & LogFields.Beyond30) != 0 && LogRecord.CheckBeyond30(record[_end..], Fields, _fixedEnd - _end, hasUnknown: false) != LogError.None)
            return false;
        return !IsChecked || LogChecksum.Of(record[.._end]) == ReadUInt32BigEndian(record[^SectionTable.ChecksumLength..]);
    }

    /// <summary>True if all of these records, which have this header and are whole, are true.</summary>
    public bool AreTrue(ReadOnlySpan<byte> records)
    {
        _verified = Math.Min(_verified + records.Length / Length, ManyRecords);
        if (_verified == ManyRecords && HasRunChecksums)
            return HaveTrueChecksums(records);
        for (; !records.IsEmpty; records = records[Length..])
        {
            if (!IsTrue(records))
                return false;
        }

        return true;
    }

    /// <summary>
    /// Reads those of the sections that are <paramref name="wanted"/>. What the record held before is overwritten, without being cleared where the same
    /// sections stand in the same places.
    /// </summary>
    public void Decode(ReadOnlySpan<byte> source, LogFields wanted, ref FlowRecord record)
    {
        if (record.Fields != Fields)
            record = default;
        record.Fields = Fields;
        LogFields fields = Fields & wanted;
        SectionReader.Get(fields, _offsets, source, ref record);
        if ((fields & LogFields.Extended) != 0)
            GetExtended(fields & LogFields.Extended, source, ref record);
        if ((fields & LogFields.Other) != 0)
        {
            record.OtherOffset = _fixedEnd + LogRecord.OtherLengthLength;
            record.OtherLength = ReadUInt16BigEndian(source[_fixedEnd..]);
        }

        if ((fields & LogFields.Crc32) != 0)
            record.Checksum = ReadUInt32BigEndian(source[(Length - SectionTable.ChecksumLength)..]);
    }

    // Elements are as long as each record says.
    private bool HasRunChecksums
        => RunChecksum.IsSupported && IsChecked && (Fields & LogFields.Other) == 0 && _end >= RunChecksum.Least
            && (_fixedEnd == _end || _fixedEnd - _end >= RunChecksum.Least);

    private bool HaveTrueChecksums(ReadOnlySpan<byte> records)
    {
        _checksums ??= RunChecksums();
        foreach (RunChecksum checksum in _checksums)
        {
            if (!checksum.AreTrue(records, Length))
                return false;
        }

        return true;
    }

    private RunChecksum[] RunChecksums()
    {
        var first = new RunChecksum(0, _end, Length - SectionTable.ChecksumLength);
        return _fixedEnd == _end ? [first] : [first, new RunChecksum(_end, _fixedEnd, _fixedEnd)];
    }

    private void GetExtended(LogFields fields, ReadOnlySpan<byte> source, ref FlowRecord record)
    {
        for (uint rest = (uint)fields; rest != 0; rest &= rest - 1)
        {
            int bit = BitOperations.TrailingZeroCount(rest);
            ref readonly Section section = ref LogSections.Rows[bit];
            section.Get(source.Slice(_offsets[bit], section.Length), ref record);
        }
    }

    // Where the sections stand; returns where they end.
    private int Place(LogFields fields, int at)
    {
        for (uint rest = (uint)(fields & LogSections.Table.Fields); rest != 0; rest &= rest - 1)
        {
            int bit = BitOperations.TrailingZeroCount(rest);
            _offsets[bit] = (ushort)at;
            at += LogSections.Rows[bit].Length;
        }

        return at;
    }
}
