namespace Flowd.Decode;

/// <summary>
/// Why a datagram, or a part of it, was not decoded or is suspect. Malformed input is ordinary input here: decoders report one of these
/// and never throw. Each value has a counter for every exporter and a global one.
/// </summary>
public enum DecodeError : byte
{
    None,

    /// <summary>The data end inside a header, a set, a template or a record.</summary>
    Truncated,

    /// <summary>The version word is not one that we speak.</summary>
    UnknownVersion,

    /// <summary>The header of a fixed format announces no records, or more than the protocol allows.</summary>
    BadCount,

    /// <summary>The datagram is shorter than its header says, or an IPFIX length is shorter than the header itself.</summary>
    LengthMismatch,

    /// <summary>Octets follow what the header announces; the announced records are kept.</summary>
    TrailingOctets,

    /// <summary>The record count of a NetFlow v9 header is not the number of records that follow; all whole records are kept.</summary>
    CountMismatch,

    /// <summary>A set is shorter than its own header, so the next one cannot be found.</summary>
    BadSetLength,

    /// <summary>A set has an identifier that the protocol reserves; it is skipped.</summary>
    ReservedSet,

    /// <summary>Data arrived without its template, as is usual after a restart; the set is skipped.</summary>
    UnknownTemplate,

    /// <summary>A template has no fields, or all its fields are empty: its records would have no length.</summary>
    EmptyTemplate,

    /// <summary>A template has an identifier below 256.</summary>
    BadTemplateId,

    /// <summary>A template gives an element a length that its type cannot have; that element is skipped, the others are kept.</summary>
    BadFieldLength,

    /// <summary>The scope of an options template is missing, larger than the template, or not made of whole fields.</summary>
    BadOptionsTemplate,

    /// <summary>A template has more fields than we keep, or describes records longer than a datagram.</summary>
    TemplateTooLarge,

    /// <summary>Records of a template none of whose elements we keep; counted once a record.</summary>
    NothingToKeep,

    /// <summary>An address in sFlow is of a type that there is not.</summary>
    UnknownAddressType,

    /// <summary>A sample of sFlow, or a part of one, is longer than what is left, or has more parts than there are.</summary>
    BadSample,

    /// <summary>A flow that began or ended at a time that neither the exporter's clock nor ours makes believable; the record is kept as it came.</summary>
    OddTime,

    /// <summary>Elements without a place of their own that are too long to be kept with their record.</summary>
    OtherTooLong,

    /// <summary>The datagram holds more records than a batch; the rest is dropped.</summary>
    BatchFull,

    /// <summary>The records of a datagram take more octets in the logs than they may; counted once for each that is dropped.</summary>
    OutputFull,
}
