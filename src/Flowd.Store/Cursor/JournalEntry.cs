using System;
using System.IO.Hashing;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>One entry of a position file: how far one log was read, or that it is gone.</summary>
/// <param name="Key">The log.</param>
/// <param name="Mark">How far; null if the log is gone.</param>
/// <param name="Commit">The number of the commit that it belongs to.</param>
/// <param name="Rest">How many entries of that commit follow.</param>
internal readonly record struct JournalEntry(CursorKey Key, CursorMark? Mark, ulong Commit, uint Rest)
{
    /// <summary>Octets.</summary>
    public const int Length = 64;

    private const int ChecksumAt = 60;
    private const byte Position = 1;
    private const byte Gone = 2;

    // 0 fingerprint u128  16 name u64  24 offset i64  32 record octets i64  40 commit u64  48 rest u32  52 last hash u32  56 last length u16  58 kind u8
    // 59 zero u8  60 checksum u32; all big-endian
    public void Write(Span<byte> wire)
    {
        CursorMark mark = Mark ?? default;
        WriteUInt128BigEndian(wire, Key.Fingerprint);
        WriteUInt64BigEndian(wire[16..], Key.Name);
        WriteInt64BigEndian(wire[24..], mark.Offset);
        WriteInt64BigEndian(wire[32..], mark.RecordOctets);
        WriteUInt64BigEndian(wire[40..], Commit);
        WriteUInt32BigEndian(wire[48..], Rest);
        WriteUInt32BigEndian(wire[52..], mark.LastHash);
        WriteUInt16BigEndian(wire[56..], (ushort)mark.LastLength);
        wire[58] = Mark is null ? Gone : Position;
        wire[59] = 0;
        WriteUInt32BigEndian(wire[ChecksumAt..], Crc32.HashToUInt32(wire[..ChecksumAt]));
    }

    /// <summary>False if this is no entry, or a damaged one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> wire, out JournalEntry entry)
    {
        entry = default;
        if (wire.Length < Length || Crc32.HashToUInt32(wire[..ChecksumAt]) != ReadUInt32BigEndian(wire[ChecksumAt..]))
            return false;
        var mark = new CursorMark(
            ReadInt64BigEndian(wire[24..]), ReadInt64BigEndian(wire[32..]), ReadUInt16BigEndian(wire[56..]), ReadUInt32BigEndian(wire[52..]));
        entry = new JournalEntry(
            new CursorKey(ReadUInt128BigEndian(wire), ReadUInt64BigEndian(wire[16..])), wire[58] == Gone ? null : mark,
            ReadUInt64BigEndian(wire[40..]), ReadUInt32BigEndian(wire[48..]));
        return wire[58] is Position or Gone && mark.Offset >= mark.RecordOctets && mark.RecordOctets >= 0;
    }
}
