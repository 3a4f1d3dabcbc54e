namespace Flowd.Decode;

/// <summary>
/// What became of one datagram. Error: the first error met, None if all went well. Version: its version word, 0 if it had none.
/// Domain: the observation domain or source id of the (first) message, 0 where the protocol has none or the header was not read.
/// </summary>
public readonly record struct DecodeResult(DecodeError Error, ushort Version, uint Domain)
{
    /// <summary>The stream of the (first) message; null if its header was not valid.</summary>
    public ExportStream? Stream { get; init; }

    /// <summary>The sequence number of that message; 0 where the protocol has none.</summary>
    public uint Sequence { get; init; }

    /// <summary>How many units of its sequence (<see cref="ExportStream.Unit"/>) are missing before that message, usually none.</summary>
    public uint Missing { get; init; }
}
