using System;
using System.IO.Hashing;

namespace Flowd.Store;

/// <summary>
/// The checksum of a log record: the CRC of IEEE 802.3 with a register that starts at 0 and is not inverted at the end.
/// </summary>
/// <remarks>
/// The usual CRC-32 starts from all ones and inverts the result. A CRC is linear, so what that start adds depends on the
/// length alone, and is what the usual CRC makes of as many zero octets: ours(m) = usual(m) ^ usual(zeros of the same length).
/// </remarks>
internal static class LogChecksum
{
    private const int Word = 4;

    private static readonly uint[] OfZeros = ComputeOfZeros();

    /// <summary>The checksum of whole 4-octet words, at most <see cref="LogRecord.MaxLength"/> octets.</summary>
    public static uint Of(ReadOnlySpan<byte> words) => Crc32.HashToUInt32(words) ^ OfZeros[words.Length / Word];

    private static uint[] ComputeOfZeros()
    {
        var zeros = new byte[LogRecord.MaxLength];
        var sums = new uint[LogRecord.MaxLength / Word + 1];
        for (int i = 0; i < sums.Length; i++)
            sums[i] = Crc32.HashToUInt32(zeros.AsSpan(0, i * Word));
        return sums;
    }
}
