namespace Flowd.Filter;

/// <summary>A test of the TCP flags: those under the mask are exactly these.</summary>
public readonly record struct TcpFlagTest(byte Mask, byte Flags)
{
    /// <summary>The mask where none is written.</summary>
    public const byte AllFlags = 0xFF;
}
