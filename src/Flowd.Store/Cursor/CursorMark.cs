using System;
using System.IO.Hashing;

namespace Flowd.Store;

/// <summary>How far one log was read.</summary>
/// <param name="Offset">Behind the last record, in octets of the log without compression.</param>
/// <param name="RecordOctets">The records up to there, in octets: less than the offset if there were gaps, which a log does not keep when it is compressed anew.</param>
/// <param name="LastLength">The length of the last record.</param>
/// <param name="LastHash">A hash of it: at its place there must be such a record, or it is another log.</param>
internal readonly record struct CursorMark(long Offset, long RecordOctets, int LastLength, uint LastHash)
{
    /// <summary>The mark of a log of which nothing is to be read.</summary>
    public static readonly CursorMark All = new(long.MaxValue, long.MaxValue, 0, 0);

    public static uint HashOf(ReadOnlySpan<byte> record) => (uint)(XxHash3.HashToUInt64(record) & uint.MaxValue);

    /// <summary>The mark behind one more record, which ends at that offset.</summary>
    public CursorMark After(ReadOnlySpan<byte> record, long end) => new(end, RecordOctets + record.Length, record.Length, HashOf(record));
}
