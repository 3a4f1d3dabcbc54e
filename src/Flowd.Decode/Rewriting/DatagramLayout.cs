using System;
using System.Collections.Generic;
using Flowd.Decode.Fixed;
using Flowd.Decode.State;

namespace Flowd.Decode.Rewriting;

/// <summary>
/// What the decoder found where in the latest datagram. Noted while it decodes, for a template may be another one at the end of a datagram than
/// it was for the records before.
/// </summary>
internal sealed class DatagramLayout
{
    private readonly List<LayoutPart> _parts = [];

    // After these every octet of the datagram is in its part, or is header or template. After others there are some of which nobody knows what they are.
    private const uint Harmless = 1u << (int)DecodeError.TrailingOctets | 1u << (int)DecodeError.CountMismatch | 1u << (int)DecodeError.BadSetLength
        | 1u << (int)DecodeError.BadFieldLength | 1u << (int)DecodeError.NothingToKeep | 1u << (int)DecodeError.OddTime | 1u << (int)DecodeError.OtherTooLong;

    private uint _errors;

    /// <summary>Of the datagram, in octets.</summary>
    public int DatagramLength { get; private set; }

    public void Begin(int datagramLength)
    {
        DatagramLength = datagramLength;
        _errors = 0;
        _parts.Clear();
    }

    public void AddRecords(int offset, int length, Template template) => _parts.Add(new LayoutPart(offset, length) { Template = template });

    public void AddRecords(int offset, int length, FixedFormat format, int recordLength)
        => _parts.Add(new LayoutPart(offset, length) { Format = format, RecordLength = recordLength });

    /// <summary>Octets that belong to nothing.</summary>
    public void AddRest(int offset, int length) => _parts.Add(new LayoutPart(offset, length));

    public void NoteError(DecodeError error) => _errors |= 1u << (int)error;

    /// <summary>The datagram is of a kind that is not shown.</summary>
    public void MarkUnreadable() => NoteError(DecodeError.UnknownVersion);

    /// <summary>Rewrites a copy of the datagram; false if it was not understood whole, and then the copy is as it was.</summary>
    public bool TryRewrite(Span<byte> copy, AddressMapping map)
    {
        if ((_errors & ~Harmless) != 0)
            return false;
        foreach (LayoutPart part in _parts)
            Rewrite(part, copy.Slice(part.Offset, part.Length), map);
        return true;
    }

    private static void Rewrite(in LayoutPart part, Span<byte> octets, AddressMapping map)
    {
        if (part.Template is not null)
            part.Template.RewritePlan.Apply(octets, map);
        else if (part.Format is not null)
            Rewrite(part.Format, part.RecordLength, octets, map);
        else
            octets.Clear();
    }

    private static void Rewrite(FixedFormat format, int recordLength, Span<byte> records, AddressMapping map)
    {
        for (; records.Length >= recordLength; records = records[recordLength..])
        {
            foreach (int offset in format.AddressOffsets)
                FieldRewriter.Apply(Treatment.MapIPv4, records.Slice(offset, 4), map);
        }
    }
}
