using System;
using System.Buffers.Binary;
using Flowd.Records;

namespace Flowd.Platform;

/// <summary>An address and a UDP port. Scope is the interface index of a link-local IPv6 address (RFC 4007), else 0.</summary>
public readonly record struct Endpoint(Address Address, ushort Port, uint Scope = 0)
{
    /// <summary>Writes a struct sockaddr_in or sockaddr_in6; returns its length.</summary>
    internal int Write(Span<byte> sockaddr)
    {
        sockaddr.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(sockaddr[2..], Port);
        if (Address.Family == AddressFamily.IPv4)
        {
            WriteFamily(sockaddr, Libc.AF_INET);
            Address.Write(sockaddr[4..]);
            return 16;
        }

        WriteFamily(sockaddr, Libc.AF_INET6);
        Address.Write(sockaddr[8..]);
        BitConverter.TryWriteBytes(sockaddr[24..], Scope);
        return Libc.SockaddrLength;
    }

    /// <summary>Reads a struct sockaddr_in or sockaddr_in6 (an IPv4-mapped address becomes IPv4); family None for anything else.</summary>
    internal static Endpoint Read(ReadOnlySpan<byte> sockaddr)
    {
        if (sockaddr.Length < 16)
            return default;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(sockaddr[2..]);
        int family = BitConverter.ToUInt16(sockaddr);
        if (family == Libc.AF_INET)
            return new Endpoint(Address.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(sockaddr[4..])), port);
        if (family == Libc.AF_INET6 && sockaddr.Length >= Libc.SockaddrLength)
            return new Endpoint(Address.FromIPv6(sockaddr[8..24]).Unmapped(), port, BitConverter.ToUInt32(sockaddr[24..]));
        return default;
    }

    public override string ToString() => $"[{Address}]:{Port}";

    private static void WriteFamily(Span<byte> sockaddr, ushort family) => BitConverter.TryWriteBytes(sockaddr, family);
}
