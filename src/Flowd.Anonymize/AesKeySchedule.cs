using System;
using System.Numerics;
using System.Runtime.Intrinsics;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Anonymize;

/// <summary>FIPS 197 section 5.2: eleven round keys of one.</summary>
internal static class AesKeySchedule
{
    private const int KeyWords = 4;
    private const int Words = 44;

    private static ReadOnlySpan<byte> RoundConstants => [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x1B, 0x36];

    /// <summary>Takes 16 octets.</summary>
    public static Vector128<byte>[] Expand(ReadOnlySpan<byte> key)
    {
        Span<byte> octets = stackalloc byte[4 * Words];
        key[..(4 * KeyWords)].CopyTo(octets);
        for (int i = KeyWords; i < Words; i++)
        {
            uint word = ReadUInt32BigEndian(octets[(4 * i - 4)..]);
            if (i % KeyWords == 0)
                word = Substitute(BitOperations.RotateLeft(word, 8)) ^ (uint)RoundConstants[i / KeyWords - 1] << 24;
            WriteUInt32BigEndian(octets[(4 * i)..], word ^ ReadUInt32BigEndian(octets[(4 * (i - KeyWords))..]));
        }

        var keys = new Vector128<byte>[Words / 4];
        for (int i = 0; i < keys.Length; i++)
            keys[i] = Vector128.Create<byte>(octets.Slice(16 * i, 16));
        return keys;
    }

    private static uint Substitute(uint word)
    {
        ReadOnlySpan<byte> box = AesTables.SBox;
        return (uint)box[(int)(word >> 24)] << 24 | (uint)box[(int)(word >> 16 & 0xFF)] << 16 | (uint)box[(int)(word >> 8 & 0xFF)] << 8 | box[(int)(word & 0xFF)];
    }
}
