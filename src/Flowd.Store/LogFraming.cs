using System;

namespace Flowd.Store;

/// <summary>What a log is made of: how long the first piece of some octets is, which are our own.</summary>
public sealed class LogFraming
{
    /// <summary>Records of flows.</summary>
    public static readonly LogFraming Records = new(LogRecord.LengthOf);

    /// <summary>Lines of text, each with a line feed at its end.</summary>
    public static readonly LogFraming Lines = new(static octets => octets.IndexOf((byte)'\n') + 1);

    internal delegate int Measure(ReadOnlySpan<byte> octets);

    private LogFraming(Measure lengthOf) => LengthOf = lengthOf;

    internal Measure LengthOf { get; }
}
