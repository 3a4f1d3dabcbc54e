using System;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Privsep;

/// <summary>
/// The worker asks for a log: which `logfile` line, and what its name depends on. Always <see cref="Length"/> octets; the worker never names a path.
/// </summary>
/// <param name="Id">A number of the worker's choice, for the answer.</param>
/// <param name="Line">The number of the line, from 0.</param>
/// <param name="Start">When the period of the file begins, in seconds since 1970-01-01 UTC; 0 if the line does not rotate.</param>
/// <param name="Exporter">For %{exporter}; else none.</param>
/// <param name="Tag">For %{tag}; null also for flows without one.</param>
public readonly record struct LogRequest(uint Id, ushort Line, long Start, Address Exporter, uint? Tag)
{
    /*
        0 type   1 1 if there is a tag   2 line (2)   4 id (4)   8 tag (4)   12 family   13 zero (3)   16 start (8)   24 address (16)
    */
    public const int Length = 40;

    public void Write(Span<byte> destination)
    {
        destination[..Length].Clear();
        destination[0] = (byte)MessageType.OpenLog;
        destination[1] = Tag is null ? (byte)0 : (byte)1;
        WriteUInt16BigEndian(destination[2..], Line);
        WriteUInt32BigEndian(destination[4..], Id);
        WriteUInt32BigEndian(destination[8..], Tag ?? 0);
        destination[12] = (byte)Exporter.Family;
        WriteInt64BigEndian(destination[16..], Start);
        Exporter.Write(destination[24..]);
    }

    /// <summary>Reads <see cref="Length"/> octets; false if they are no request.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out LogRequest request)
    {
        request = default;
        if (source[0] != (byte)MessageType.OpenLog || source[1] > 1)
            return false;
        if (!Address.TryRead(source[12], source[24..Length], out Address exporter))
            return false;
        uint? tag = source[1] == 1 ? ReadUInt32BigEndian(source[8..]) : null;
        request = new LogRequest(ReadUInt32BigEndian(source[4..]), ReadUInt16BigEndian(source[2..]), ReadInt64BigEndian(source[16..]), exporter, tag);
        return true;
    }
}
