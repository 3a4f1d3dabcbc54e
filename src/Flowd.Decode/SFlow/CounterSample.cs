using System;
using Flowd.Records;

namespace Flowd.Decode.SFlow;

/// <summary>Counters of an interface or a device, as notes for those who want them.</summary>
internal static class CounterSample
{
    /// <summary>Formats of counters, in both versions of sFlow.</summary>
    public const uint Interface = 1;
    public const uint Ethernet = 2;
    public const uint TokenRing = 3;
    public const uint VgInterface = 4;
    public const uint Vlan = 5;

    private const uint Short = 2;
    private const uint Expanded = 4;
    private const int IndexBits = 24;

    /// <summary>True if samples of that format of version 5 are of counters.</summary>
    public static bool IsOfCounters(uint format) => format is Short or Expanded;

    /*
         0  sequence   4  source: type u8, index u24 (expanded: u32, u32)   8  blocks   12  each: format, length, so many octets
    */
    /// <summary>Reads a sample of version 5.</summary>
    public static DecodeError Read(uint format, ref WireReader sample, DecodeContext context)
    {
        if (!sample.TryReadUInt32(out _) || !sample.TryReadUInt32(out uint source))
            return DecodeError.Truncated;
        if (format == Expanded)
        {
            if (!sample.TryReadUInt32(out uint index))
                return DecodeError.Truncated;
            source = (source & byte.MaxValue) << IndexBits | index & (1u << IndexBits) - 1;
        }

        if (!sample.TryReadUInt32(out uint blocks))
            return DecodeError.Truncated;
        DecodeError error = DecodeError.None;
        for (; blocks > 0 && error == DecodeError.None; blocks--)
        {
            error = Xdr.TryTakePart(ref sample, out uint block, out WireReader content);
            if (error == DecodeError.None)
                Note(block, source, content.Rest, context);
        }

        return error == DecodeError.None ? DecodeError.None : DecodeError.BadSample;
    }

    public static void Note(uint format, uint source, ReadOnlySpan<byte> octets, DecodeContext context)
    {
        if (!context.KeepsNotes || !context.Notes.TryReserve(octets.Length, out Span<byte> room))
            return;
        octets.CopyTo(room);
        ref FlowRecord blank = ref context.Blank;
        context.Notes.Add(new ExporterNote(NoteKind.Counters, blank.Version, blank.SourceId, format, source, Scope: 0, blank.Origin.Exporter, Offset: 0, octets.Length));
    }
}
