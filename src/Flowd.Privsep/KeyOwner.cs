namespace Flowd.Privsep;

/// <summary>Which line of the configuration a key to anonymize with belongs to, as one number.</summary>
/// <param name="IsForward">True for a `forward to` line, false for a `logfile` line.</param>
/// <param name="Line">The number of the line among its kind, from 0.</param>
public readonly record struct KeyOwner(bool IsForward, int Line)
{
    private const uint ForwardBit = 0x1_0000;

    public uint Number => (uint)Line | (IsForward ? ForwardBit : 0);

    public static KeyOwner Of(uint number) => new((number & ForwardBit) != 0, (int)(number & (ForwardBit - 1)));
}
