namespace Flowd.Decode.State;

/// <summary>One counter for every <see cref="DecodeError"/>.</summary>
internal sealed class ErrorCounters
{
    private readonly ulong[] _counts = new ulong[DecodeErrorText.Count];

    public ulong this[DecodeError error] => _counts[(int)error];

    public void Add(DecodeError error, ulong times) => _counts[(int)error] += times;
}
