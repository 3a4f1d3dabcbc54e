namespace Flowd.Store.Copying;

/// <summary>Which halves of its two operands a carry-less multiplication (PCLMULQDQ) takes: the left one's, then the right one's.</summary>
internal static class Halves
{
    public const byte LowByLow = 0x00;
    public const byte HighByLow = 0x01;
    public const byte LowByHigh = 0x10;
    public const byte HighByHigh = 0x11;

    /// <summary>The lower 32 bits of a half.</summary>
    public const ulong LowerBits = uint.MaxValue;
}
