using System;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>
/// One record of a version 3 log: a header of 8 octets (version, length in words, reserved, field mask), then the sections
/// that the mask names. Written as 3.0; read up to any 3.x, of which what 3.0 does not know is skipped.
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
    private const int MinorVersion = 0;
    private const int MinorBits = 5;
    private const int MinorMask = (1 << MinorBits) - 1;

    private const byte Version = MajorVersion << MinorBits | MinorVersion;

    /// <summary>
    /// Writes what both the record and <paramref name="mask"/> hold; returns the length in octets, a multiple of 4.
    /// An address is stored if the bit of its family is in both. The span has room for <see cref="MaxLength"/>.
    /// </summary>
    public static int Write(in FlowRecord record, LogFields mask, Span<byte> destination)
    {
        LogFields fields = FieldsToStore(in record, mask);
        int end = HeaderLength + SectionWriter.Put(fields, in record, destination[HeaderLength..]);
        bool isChecked = (fields & LogFields.Crc32) != 0;
        int length = isChecked ? end + SectionTable.ChecksumLength : end;

        destination[0] = Version;
        destination[1] = (byte)((length - HeaderLength) / Word);
        destination[2] = 0;
        destination[3] = 0;
        WriteUInt32BigEndian(destination[FieldsOffset..], (uint)fields);
        if (isChecked)
            WriteUInt32BigEndian(destination[end..], LogChecksum.Of(destination[..end]));
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
        bool hasUnknown = (fields & ~LogFields.All) != 0;
        if (hasUnknown && !IsNewer(source))
            return LogError.UnknownFields;
        int announced = source[1] * Word;
        int known = LogSections.Table.LengthOf(fields);
        if (hasUnknown ? announced < known : announced != known)
            return LogError.LengthMismatch;
        if (source.Length - HeaderLength < announced)
            return LogError.Truncated;

        length = HeaderLength + announced;
        return CheckContent(source[..length], fields, HeaderLength + known);
    }

    /// <summary>Reads a record that <see cref="Check"/> has found to be true.</summary>
    internal static void Decode(ReadOnlySpan<byte> source, out FlowRecord record)
    {
        record = default;
        record.Fields = (LogFields)ReadUInt32BigEndian(source[FieldsOffset..]) & LogFields.All;
        LogSections.Table.Get(record.Fields, source[HeaderLength..], ref record);
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
        if (source.IsEmpty || source[0] != Version)
            return false;
        return source.Length >= HeaderLength
            ? Check(source, out _) == LogError.Truncated
            : !source[Math.Min(2, source.Length)..Math.Min(FieldsOffset, source.Length)].ContainsAnyExcept((byte)0);
    }

    // Sections that we do not know stand between those that we know and the checksum, which does not cover them.
    private static LogError CheckContent(ReadOnlySpan<byte> record, LogFields fields, int known)
    {
        if (SectionTable.HasBothFamilies(fields))
            return LogError.BothFamilies;
        if ((fields & LogFields.Crc32) == 0)
            return LogError.None;
        uint stored = ReadUInt32BigEndian(record[^SectionTable.ChecksumLength..]);
        return LogChecksum.Of(record[..(known - SectionTable.ChecksumLength)]) == stored ? LogError.None : LogError.ChecksumMismatch;
    }

    private static LogFields FieldsToStore(in FlowRecord record, LogFields mask)
        => record.Fields & mask & LogFields.All
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
