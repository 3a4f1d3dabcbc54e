using System;
using System.Buffers.Binary;

namespace Flowd.Records;

/// <summary>What flow exports are made in. Any: it does not matter which.</summary>
public enum ExportProtocol : byte
{
    Any,

    /// <summary>Versions 1 to 9.</summary>
    NetFlow,
    Ipfix,
    SFlow,
}

/// <summary>Tells export protocols apart, by what every datagram begins with.</summary>
public static class ExportProtocols
{
    private const ushort IpfixVersion = 10;

    /// <summary>The protocol that the datagram seems to be of: the versions of NetFlow and IPFIX are in its first word of 16 bits, that of sFlow has 32.</summary>
    public static ExportProtocol Of(ReadOnlySpan<byte> datagram)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(datagram, out ushort version))
            return ExportProtocol.Any;
        return version switch
        {
            0 => ExportProtocol.SFlow,
            < IpfixVersion => ExportProtocol.NetFlow,
            IpfixVersion => ExportProtocol.Ipfix,
            _ => ExportProtocol.Any,
        };
    }
}
