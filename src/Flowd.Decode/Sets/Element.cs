using System;
using Flowd.Records;

namespace Flowd.Decode.Sets;

/// <summary>Puts the value of an element, in network byte order and of an accepted length, where it belongs.</summary>
internal delegate void ElementSetter(ref RecordDraft draft, ReadOnlySpan<byte> value);

/// <summary>Reads a time, in ns since 1970-01-01 UTC.</summary>
internal delegate long TimeReader(ReadOnlySpan<byte> value);

/// <summary>
/// How one information element fills one field of a record. Sections: the part of the record that is known then, None where that depends
/// on the record. Width: octets of the type that IANA gives it; MinimumWidth is the same where reduced-size encoding (RFC 7011 section 6.2)
/// makes no sense. IsFallback: if another element of the template fills the same field, that one is better.
/// Enterprise: 0 is IANA; numbers of Cisco's NetFlow v9 above 32767 are under it, too. MayVary: its length may be of the record, as that of octets and text.
/// </summary>
internal sealed record Element(
    ushort Id,
    string Name,
    FlowField Field,
    LogFields Sections,
    byte MinimumWidth,
    ushort Width,
    ElementSetter Set,
    bool IsFallback = false,
    uint Enterprise = 0,
    bool MayVary = false)
{
    /// <summary>How an absolute time of its type is read; null for what is none.</summary>
    public TimeReader? ReadTime { get; init; }

    /// <summary>The length of a field as a template has it.</summary>
    public bool Accepts(int length) => HasRoomFor(length) || (MayVary && length == TemplateField.VariableLength);

    /// <summary>The length of a value.</summary>
    public bool HasRoomFor(int length) => length >= MinimumWidth && length <= Width;
}
