namespace Flowd.Store;

/// <summary>
/// Why a log, or a part of it, is not what it should be. Damaged logs are ordinary input here: readers return one of these
/// and never throw for what they read.
/// </summary>
public enum LogError : byte
{
    None,

    /// <summary>Nothing is left to read.</summary>
    EndOfLog,

    /// <summary>The log ends inside a record, or inside the header of a version 2 log.</summary>
    Truncated,

    /// <summary>The first octet is not that of a version 3 record.</summary>
    UnsupportedVersion,

    /// <summary>The field mask has bits that the record's own version does not know.</summary>
    UnknownFields,

    /// <summary>The record is not as long as its field mask says.</summary>
    LengthMismatch,

    /// <summary>One address is given as IPv4 and as IPv6.</summary>
    BothFamilies,

    /// <summary>The CRC32 section does not fit the record.</summary>
    ChecksumMismatch,

    /// <summary>What may be a record has no checksum, all before it have, and the log does not go on behind it.</summary>
    ChecksumMissing,

    /// <summary>The reserved octets of the header are not zero.</summary>
    ReservedNotZero,

    /// <summary>The file is a log of version 2, which is only read, and only when asked to.</summary>
    LegacyLog,

    /// <summary>The file was to be a version 2 log and has no such header.</summary>
    NotLegacyLog,

    /// <summary>The file is not empty and holds no record: it is something else, and nothing is appended to it.</summary>
    ForeignFile,

    /// <summary>The file is compressed, and is to be appended to as one that is not.</summary>
    CompressedLog,

    /// <summary>The file is not compressed, and is to be appended to as one that is.</summary>
    PlainLog,

    /// <summary>A compressed frame cannot be decoded.</summary>
    DamagedFrame,

    /// <summary>A compressed frame holds so much that is no record that it was not looked at to its end.</summary>
    SenselessFrame,

    /// <summary>The index of a compressed log does not fit it, and is not used.</summary>
    DamagedIndex,

    /// <summary>The torn end of the file could not be cut off.</summary>
    RepairFailed,
}
