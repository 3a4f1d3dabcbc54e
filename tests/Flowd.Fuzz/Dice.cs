using System;

namespace Flowd.Fuzz;

/// <summary>Random choices that a seed repeats (xorshift64*); quick, for it is asked some hundred times for each datagram.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = unchecked(seed * 0x9E37_79B9_7F4A_7C15UL) | 1;

    public ulong Next()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return unchecked(_state * 0x2545_F491_4F6C_DD1DUL);
    }

    /// <summary>0 to <paramref name="below"/> - 1.</summary>
    public int Below(int below) => (int)(Next() % (uint)below);

    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    public T Of<T>(ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    /// <summary>A number that is often one of those where things go wrong.</summary>
    public ulong Number() => Below(8) switch
    {
        0 => 0,
        1 => 1,
        2 => ulong.MaxValue,
        3 => 0x7FFF_FFFF_FFFF_FFFF,
        4 => 0x8000_0000,
        5 => (ulong)Below(300),
        6 => 1_700_000_000,
        _ => Next(),
    };
}
