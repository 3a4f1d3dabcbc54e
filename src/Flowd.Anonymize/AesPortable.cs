using System;
using System.Runtime.Intrinsics;
using static System.Buffers.Binary.BinaryPrimitives;
using static System.Numerics.BitOperations;

namespace Flowd.Anonymize;

/// <summary>One block, column by column, with tables: for processors without instructions for it.</summary>
internal static class AesPortable
{
    /// <summary>Four columns of a block, each in network byte order.</summary>
    private readonly record struct State(uint A, uint B, uint C, uint D)
    {
        public static State Of(Vector128<byte> block)
        {
            Span<byte> octets = stackalloc byte[16];
            block.CopyTo(octets);
            return new State(ReadUInt32BigEndian(octets), ReadUInt32BigEndian(octets[4..]), ReadUInt32BigEndian(octets[8..]), ReadUInt32BigEndian(octets[12..]));
        }

        public static State operator ^(State x, State y) => new(x.A ^ y.A, x.B ^ y.B, x.C ^ y.C, x.D ^ y.D);

        public Vector128<byte> ToBlock()
        {
            Span<byte> octets = stackalloc byte[16];
            WriteUInt32BigEndian(octets, A);
            WriteUInt32BigEndian(octets[4..], B);
            WriteUInt32BigEndian(octets[8..], C);
            WriteUInt32BigEndian(octets[12..], D);
            return Vector128.Create<byte>(octets);
        }
    }

    public static Vector128<byte> Encrypt(ReadOnlySpan<Vector128<byte>> roundKeys, Vector128<byte> block)
    {
        State state = State.Of(block) ^ State.Of(roundKeys[0]);
        foreach (Vector128<byte> key in roundKeys[1..^1])
        {
            (uint a, uint b, uint c, uint d) = state;
            state = new State(Mix(a, b, c, d), Mix(b, c, d, a), Mix(c, d, a, b), Mix(d, a, b, c)) ^ State.Of(key);
        }

        (uint e, uint f, uint g, uint h) = state;
        state = new State(Shift(e, f, g, h), Shift(f, g, h, e), Shift(g, h, e, f), Shift(h, e, f, g)) ^ State.Of(roundKeys[^1]);
        return state.ToBlock();
    }

    // SubBytes, ShiftRows and MixColumns: a column of the next state is made of the first octet of this column, the second of the next one, …
    private static uint Mix(uint first, uint second, uint third, uint fourth)
    {
        uint[] columns = AesTables.Columns;
        return columns[first >> 24]
            ^ RotateRight(columns[second >> 16 & 0xFF], 8)
            ^ RotateRight(columns[third >> 8 & 0xFF], 16)
            ^ RotateRight(columns[fourth & 0xFF], 24);
    }

    // The last round does not mix.
    private static uint Shift(uint first, uint second, uint third, uint fourth)
    {
        ReadOnlySpan<byte> box = AesTables.SBox;
        return (uint)box[(int)(first >> 24)] << 24 | (uint)box[(int)(second >> 16 & 0xFF)] << 16 | (uint)box[(int)(third >> 8 & 0xFF)] << 8 | box[(int)(fourth & 0xFF)];
    }
}
