namespace Flowd.Decode.State;

/// <summary>One counter for every <see cref="DecodeError"/>. Takes no room until there is one: most exporters and streams have none, and there may be thousands.</summary>
internal sealed class ErrorCounters
{
    private ulong[]? _counts;

    public ulong this[DecodeError error] => _counts is null ? 0 : _counts[(int)error];

    public void Add(DecodeError error, ulong times)
    {
        _counts ??= new ulong[DecodeErrorText.Count];
        _counts[(int)error] += times;
    }
}
