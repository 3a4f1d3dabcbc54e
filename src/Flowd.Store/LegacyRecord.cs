using System;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>
/// One record of a version 2 log, read only: a field mask of 4 octets and the sections that it names. It has no version and no
/// length of its own, and four of its sections are narrower than those of version 3.
/// </summary>
internal static class LegacyRecord
{
    public const int HeaderLength = 4;

    private static readonly Section[] Narrower =
    [
        new(LogFields.RecvTime, 4, NotWritten,
            static (ReadOnlySpan<byte> w, ref FlowRecord r) => r.ReceivedSeconds = ReadUInt32BigEndian(w)),
        new(LogFields.IfIndices, 4, NotWritten, GetInterfaces),
        new(LogFields.AsInfo, 8, NotWritten, GetAsInfo),
        new(LogFields.FlowEngineInfo, 8, NotWritten, GetEngineInfo),
    ];

    private static readonly SectionTable Table = new(
        Array.ConvertAll(LogSections.Rows, static row => Array.Find(Narrower, n => n.Field == row.Field) is { Length: > 0 } own ? own : row));

    /// <summary>Whether a whole true record starts here; <paramref name="length"/> as for <see cref="LogRecord.Check"/>.</summary>
    public static LogError Check(ReadOnlySpan<byte> source, out int length)
    {
        length = 0;
        if (source.Length < HeaderLength)
            return source.IsEmpty ? LogError.EndOfLog : LogError.Truncated;
        var fields = (LogFields)ReadUInt32BigEndian(source);
        if ((fields & ~LogFields.All) != 0)
            return LogError.UnknownFields;
        int sections = Table.LengthOf(fields);
        if (source.Length - HeaderLength < sections)
            return LogError.Truncated;

        length = HeaderLength + sections;
        if (SectionTable.HasBothFamilies(fields))
            return LogError.BothFamilies;
        if ((fields & LogFields.Crc32) == 0)
            return LogError.None;
        int covered = length - SectionTable.ChecksumLength;
        return LogChecksum.Of(source[..covered]) == ReadUInt32BigEndian(source[covered..]) ? LogError.None : LogError.ChecksumMismatch;
    }

    /// <summary>Reads a record that <see cref="Check"/> has found to be true.</summary>
    public static void Decode(ReadOnlySpan<byte> source, out FlowRecord record)
    {
        record = default;
        record.Fields = (LogFields)ReadUInt32BigEndian(source);
        Table.Get(record.Fields, source[HeaderLength..], ref record);
        if ((record.Fields & LogFields.Crc32) != 0)
            record.Checksum = ReadUInt32BigEndian(source[^SectionTable.ChecksumLength..]);
    }

    // 0 in  2 out
    private static void GetInterfaces(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        record.InputInterface = ReadUInt16BigEndian(wire);
        record.OutputInterface = ReadUInt16BigEndian(wire[2..]);
    }

    // 0 source AS  2 destination AS  4 source mask  5 destination mask  6 pad
    private static void GetAsInfo(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        record.SourceAs = ReadUInt16BigEndian(wire);
        record.DestinationAs = ReadUInt16BigEndian(wire[2..]);
        record.SourceMask = wire[4];
        record.DestinationMask = wire[5];
    }

    // 0 engine type  1 engine id  2 pad  4 sequence
    private static void GetEngineInfo(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        record.EngineType = wire[0];
        record.EngineId = wire[1];
        record.Sequence = ReadUInt32BigEndian(wire[4..]);
    }

    private static void NotWritten(in FlowRecord record, Span<byte> wire)
        => throw new InvalidOperationException("version 2 is not written");
}
