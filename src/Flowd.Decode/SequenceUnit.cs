namespace Flowd.Decode;

/// <summary>What the sequence numbers of a protocol count.</summary>
public enum SequenceUnit : byte
{
    /// <summary>NetFlow v1 has no sequence numbers.</summary>
    None,

    /// <summary>NetFlow v5 and v7: the flows before this datagram.</summary>
    Flows,

    /// <summary>NetFlow v9 and sFlow: the datagrams before this one (RFC 3954 section 5.1).</summary>
    Datagrams,

    /// <summary>IPFIX: the data records before this message, those of options included (RFC 7011 section 3.1).</summary>
    Records,
}
