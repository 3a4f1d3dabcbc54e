using System;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>
/// One record of a version 3 log: a header of 8 octets (version, length in words, reserved, field mask), then the sections
/// that the mask names. What 3.0 can say is written as 3.0, the rest as 3.1; read up to any 3.x, of which what 3.1 does not know is skipped.
/// In a record of 3.1 CRC32 covers header and sections of 3.0, as a reader of 3.0 computes it, and a second checksum before it the others.
/// </summary>
public static class LogRecord
{
    /// <summary>Octets: version u8, length of what follows the header in 4-octet words u8, reserved u16, fields u32.</summary>
    public const int HeaderLength = 8;

    /// <summary>The most that a header can announce, in octets.</summary>
    public const int MaxLength = HeaderLength + byte.MaxValue * Word;

    internal const int FieldsOffset = 4;

    private const int Word = 4;
    private const int MajorVersion = 3;
    private const int MinorVersion = 1;
    private const int MinorBits = 5;
    private const int MinorMask = (1 << MinorBits) - 1;

    private const byte Version30 = MajorVersion << MinorBits;
    private const byte Version31 = MajorVersion << MinorBits | MinorVersion;

    /// <summary>LogFields.Other begins with the length of its elements; with the padding at the end, so much more than they.</summary>
    internal const int OtherLengthLength = 2;

    /// <summary>
    /// Writes what both the record and <paramref name="mask"/> hold; returns the length in octets, a multiple of 4.
    /// An address is stored if the bit of its family is in both. The span has room for <see cref="MaxLength"/>.
    /// </summary>
    /// <param name="record">What is written.</param>
    /// <param name="mask">Which of its sections.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="other">Its elements of LogFields.Other, if it has any; those that would make it too long are left out.</param>
    public static int Write(in FlowRecord record, LogFields mask, Span<byte> destination, ReadOnlySpan<byte> other = default)
    {
        LogFields fields = FieldsToStore(in record, other.IsEmpty ? mask & ~LogFields.Other : mask);
        int end = HeaderLength + SectionWriter.Put(fields, in record, destination[HeaderLength..]);
        bool isChecked = (fields & LogFields.Crc32) != 0;
        int length = end;
        if ((fields & LogFields.Beyond30) != 0)
            length += PutBeyond30(fields, in record, other, destination[end..MaxLength]);
        if (isChecked)
            length += SectionTable.ChecksumLength;

        destination[0] = (fields & LogFields.Beyond30) != 0 ? Version31 : Version30;
        destination[1] = (byte)((length - HeaderLength) / Word);
        destination[2] = 0;
        destination[3] = 0;
        WriteUInt32BigEndian(destination[FieldsOffset..], (uint)fields);
        if (isChecked)
            WriteUInt32BigEndian(destination[(length - SectionTable.ChecksumLength)..], LogChecksum.Of(destination[..end]));
        return length;
    }

    /// <summary>Reads the record at the start of <paramref name="source"/>; nothing is consumed on error.</summary>
    public static LogError TryRead(ReadOnlySpan<byte> source, out FlowRecord record, out int consumed)
    {
        LogError error = Check(source, out int length);
        if (error != LogError.None)
        {
            record = default;
            consumed = 0;
            return error;
        }

        Decode(source[..length], out record);
        consumed = length;
        return LogError.None;
    }

    /// <summary>True if a whole true record starts here: header, length, fields and checksum, if there is one, agree.</summary>
    /// <param name="source">What is there; it may go on behind the record.</param>
    /// <param name="length">The length of the record in octets, or 0.</param>
    public static bool IsRecord(ReadOnlySpan<byte> source, out int length)
    {
        if (Check(source, out length) == LogError.None)
            return true;
        length = 0;
        return false;
    }

    /// <summary>
    /// The same, with the reason. When only the content is wrong (checksum, both families), <paramref name="length"/> is still
    /// what the header says, because the next record is likely to stand there; with any other error it is 0.
    /// </summary>
    internal static LogError Check(ReadOnlySpan<byte> source, out int length)
    {
        length = 0;
        if (source.Length < HeaderLength)
            return source.IsEmpty ? LogError.EndOfLog : LogError.Truncated;
        if (source[0] >> MinorBits != MajorVersion)
            return LogError.UnsupportedVersion;
        if (ReadUInt16BigEndian(source[2..]) != 0)
            return LogError.ReservedNotZero;

        var fields = (LogFields)ReadUInt32BigEndian(source[FieldsOffset..]);
        bool hasUnknown = (fields & ~KnownIn(source)) != 0;
        if (hasUnknown && !IsNewer(source))
            return LogError.UnknownFields;
        int announced = source[1] * Word;
        int least = LogSections.Table.LengthOf(fields) + LeastBeyond30(fields);
        if (hasUnknown || (fields & LogFields.Other) != 0 ? announced < least : announced != least)
            return LogError.LengthMismatch;
        if (source.Length - HeaderLength < announced)
            return LogError.Truncated;

        length = HeaderLength + announced;
        LogError error = CheckContent(source[..length], fields, hasUnknown);
        if (error == LogError.LengthMismatch)
            length = 0;
        return error;
    }

    /// <summary>Reads a record that <see cref="Check"/> has found to be true.</summary>
    internal static void Decode(ReadOnlySpan<byte> source, out FlowRecord record)
    {
        record = default;
        record.Fields = (LogFields)ReadUInt32BigEndian(source[FieldsOffset..]) & LogFields.Everything;
        int end = HeaderLength + LogSections.Table.Get(record.Fields, source[HeaderLength..], ref record);
        if ((record.Fields & LogFields.Other) != 0)
        {
            record.OtherOffset = end + OtherLengthLength;
            record.OtherLength = ReadUInt16BigEndian(source[end..]);
        }

        if ((record.Fields & LogFields.Crc32) != 0)
            record.Checksum = ReadUInt32BigEndian(source[^SectionTable.ChecksumLength..]);
    }

    /// <summary>True if the header names a minor version that we do not write, whose fields may be more than we know.</summary>
    internal static bool IsNewer(ReadOnlySpan<byte> source) => (source[0] & MinorMask) > MinorVersion;

    /// <summary>The length, in octets, that the header of a record announces.</summary>
    internal static int LengthOf(ReadOnlySpan<byte> source) => HeaderLength + source[1] * Word;

    /// <summary>True if this, all there is, can be the beginning of a record that we write, cut short.</summary>
    internal static bool IsTornBeginning(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty || (source[0] != Version30 && source[0] != Version31))
            return false;
        return source.Length >= HeaderLength
            ? Check(source, out _) == LogError.Truncated
            : !source[Math.Min(2, source.Length)..Math.Min(FieldsOffset, source.Length)].ContainsAnyExcept((byte)0);
    }

    // What a minor version has.
    private static LogFields KnownIn(ReadOnlySpan<byte> source) => (source[0] & MinorMask) == 0 ? LogFields.All : LogFields.Everything;

    // What stands behind the sections of fixed length: elements, at least none, and the second checksum.
    private static int LeastBeyond30(LogFields fields)
        => ((fields & LogFields.Other) != 0 ? Word : 0) + (HasSecondChecksum(fields) ? SectionTable.ChecksumLength : 0);

    private static bool HasSecondChecksum(LogFields fields) => (fields & LogFields.Crc32) != 0 && (fields & LogFields.Beyond30) != 0;

    private static int PutBeyond30(LogFields fields, in FlowRecord record, ReadOnlySpan<byte> other, Span<byte> wire)
    {
        int length = LogSections.Table.Put(fields & LogFields.Extended, in record, wire);
        if ((fields & LogFields.Other) != 0)
            length += PutOther(other, wire[length..]);
        if (!HasSecondChecksum(fields))
            return length;
        WriteUInt32BigEndian(wire[length..], LogChecksum.Of(wire[..length]));
        return length + SectionTable.ChecksumLength;
    }

    private static int PutOther(ReadOnlySpan<byte> other, Span<byte> wire)
    {
        int room = wire.Length - Word - 2 * SectionTable.ChecksumLength;
        while (other.Length > room)
            other = other[..OtherElements.EndBeforeLast(other)];
        WriteUInt16BigEndian(wire, (ushort)other.Length);
        other.CopyTo(wire[OtherLengthLength..]);
        int length = OtherLengthLength + other.Length;
        wire.Slice(length, Padding(length)).Clear();
        return length + Padding(length);
    }

    private static int Padding(int length) => -length & (Word - 1);

    // Sections that we do not know stand between those that we know and the checksum, which does not cover them.
    private static LogError CheckContent(ReadOnlySpan<byte> record, LogFields fields, bool hasUnknown)
    {
        if (SectionTable.HasBothFamilies(fields))
            return LogError.BothFamilies;
        bool isChecked = (fields & LogFields.Crc32) != 0;
        int end = HeaderLength + LogSections.Table.LengthOf(fields & LogFields.All & ~LogFields.Crc32);
        if ((fields & LogFields.Beyond30) != 0
            && CheckBeyond30(record[end..], fields, LogSections.Table.LengthOf(fields & LogFields.Extended), hasUnknown) is not LogError.None and var error)
            return error;
        if (!isChecked)
            return LogError.None;
        uint stored = ReadUInt32BigEndian(record[^SectionTable.ChecksumLength..]);
        return LogChecksum.Of(record[..end]) == stored ? LogError.None : LogError.ChecksumMismatch;
    }

    /// <summary>Checks what stands behind the sections of 3.0.</summary>
    /// <param name="rest">It, to the end of the record.</param>
    /// <param name="fields">Of the record.</param>
    /// <param name="length">Of its sections of fixed length there, in octets.</param>
    /// <param name="hasUnknown">Whether there may be more than we know.</param>
    internal static LogError CheckBeyond30(ReadOnlySpan<byte> rest, LogFields fields, int length, bool hasUnknown)
    {
        int checksums = (fields & LogFields.Crc32) == 0 ? 0 : 2 * SectionTable.ChecksumLength;
        if ((fields & LogFields.Other) != 0)
        {
            int elements = ReadUInt16BigEndian(rest[length..]);
            int section = OtherLengthLength + elements + Padding(OtherLengthLength + elements);
            if (length + section + checksums > rest.Length || !OtherElements.AreWhole(rest.Slice(length + OtherLengthLength, elements)))
                return LogError.LengthMismatch;
            length += section;
        }

        if (!hasUnknown && length + checksums != rest.Length)
            return LogError.LengthMismatch;
        return checksums == 0 || LogChecksum.Of(rest[..length]) == ReadUInt32BigEndian(rest[length..]) ? LogError.None : LogError.ChecksumMismatch;
    }

    private static LogFields FieldsToStore(in FlowRecord record, LogFields mask)
        => record.Fields & mask & LogFields.Everything
            & ~OtherFamily(record.AgentAddress.Family, LogFields.AgentAddr4)
            & ~OtherFamily(record.SourceAddress.Family, LogFields.SrcAddr4)
            & ~OtherFamily(record.DestinationAddress.Family, LogFields.DstAddr4)
            & ~OtherFamily(record.GatewayAddress.Family, LogFields.GatewayAddr4);

    // The bits of an address, of which four is the first, that do not fit its family.
    private static LogFields OtherFamily(AddressFamily family, LogFields four) => family switch
    {
        AddressFamily.IPv4 => (LogFields)((uint)four << 1),
        AddressFamily.IPv6 => four,
        _ => four | (LogFields)((uint)four << 1),
    };
}
