using System;
using static System.Buffers.Binary.BinaryPrimitives;
using Flowd.Decode.State;
using Flowd.Records;

namespace Flowd.Decode;

/// <summary>
/// What a decoder has learnt from exporters, as octets: their addresses, templates and sampling rates, for the next life of the program.
/// Counters are not kept. For positions in sequences there is <see cref="ExporterTable.Restore"/>. Without a checksum: whoever keeps the
/// octets where they may be damaged adds one.
/// </summary>
/*
    Numbers are big-endian.

    state     0  magic "flwd"   4  version u16   6  zero u16   8  exporters u32   12  the exporters, the most recently used first
    exporter  0  family u8 (4 or 6)   1  address, 4 or 16 octets; then
              0  first_seen u32   4  last_seen u32   8  last_version u16   10  templates u32   14  samplers u32
             18  the templates, the least recently used first, and the samplers, the first announced first
    template  0  version u16   2  domain u32   6  id u16   8  kind u16 (0 data, 1 options)   10  scope_count u16   12  field_count u16
             14  session u64   22  fields: enterprise u32, id u16 (with the enterprise bit), length u16
    sampler   0  version u16   2  domain u32   6  id u64   14  population u64   22  size u64   30  algorithm u8

    What follows the last exporter does not matter.
*/
public static class DecoderState
{
    internal const uint Magic = 0x666C7764;
    internal const ushort FormatVersion = 3; // 1 had no algorithms, 2 no sessions
    internal const int HeaderLength = 12;

    /// <summary>
    /// Writes the state, and returns how many octets it took. Exporters that do not fit are left out, the most recently used ones being
    /// tried first; 0 if there is room for nothing at all.
    /// </summary>
    public static int Write(ExporterTable exporters, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(exporters);
        if (destination.Length < HeaderLength)
            return 0;
        var writer = new StateWriter(destination[HeaderLength..]);
        uint count = 0;
        foreach (Exporter exporter in exporters.ByUse)
        {
            if (writer.TryWrite(exporter))
                count++;
        }

        WriteUInt32BigEndian(destination, Magic);
        WriteUInt32BigEndian(destination[4..], (uint)FormatVersion << 16);
        WriteUInt32BigEndian(destination[8..], count);
        return HeaderLength + writer.Length;
    }

    /// <summary>
    /// Puts a state in force, within the limits of the decoder, in addition to what it knows. Never throws, whatever the octets are, and
    /// counts nothing as received. Returns the first error; what is good in spite of it was taken. <paramref name="wants"/>: which exporters,
    /// null for all.
    /// </summary>
    public static StateError TryRead(ReadOnlySpan<byte> state, DatagramDecoder into, Predicate<Address>? wants = null)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (state.Length < HeaderLength)
            return StateError.Truncated;
        if (ReadUInt32BigEndian(state) != Magic)
            return StateError.BadMagic;
        if (ReadUInt16BigEndian(state[4..]) != FormatVersion)
            return StateError.BadVersion;
        return new StateReader(into.Exporters, wants).Read(state[HeaderLength..], ReadUInt32BigEndian(state[8..]));
    }
}
