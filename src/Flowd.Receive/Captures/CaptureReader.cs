using System;
using System.IO;
using static System.Buffers.Binary.BinaryPrimitives;
using Flowd.Platform;

namespace Flowd.Receive.Captures;

/// <summary>
/// Datagrams out of a file: the UDP payloads of a pcap or pcapng capture, with IP fragments put together, or the messages of an IPFIX file (RFC 5655).
/// Never throws for what stands in the file, and keeps a bounded part of it in memory.
/// </summary>
public sealed class CaptureReader
{
    private const byte Udp = 17;
    private const int UdpHeaderLength = 8;
    private const ushort IpfixVersion = 10;
    private const int IpfixHeaderLength = 16;

    private readonly CaptureInput _input;
    private readonly FragmentTable _fragments = new();
    private readonly IPacketSource? _packets;
    private readonly bool _isIpfix;
    private ulong _damaged;

    /// <summary>Looks at the beginning of the file; throws what the stream throws.</summary>
    public CaptureReader(Stream stream)
    {
        _input = new CaptureInput(stream);
        _packets = (IPacketSource?)PcapFile.TryOpen(_input) ?? PcapNgFile.TryOpen(_input);
        _isIpfix = _packets is null && _input.TryPeek(sizeof(ushort), out ReadOnlySpan<byte> version) && ReadUInt16BigEndian(version) == IpfixVersion;
        if (_packets is null && !_isIpfix && !_input.AtEnd)
            Error = CaptureError.UnknownFormat;
    }

    /// <summary>Why it ended before its time; None at its end.</summary>
    public CaptureError Error { get; private set; }

    /// <summary>Where it goes on, or what cannot be read begins.</summary>
    public long Offset => _input.Offset;

    /// <summary>Packets, or messages, so far.</summary>
    public ulong Packets { get; private set; }

    /// <summary>Packets that carry no UDP datagram.</summary>
    public ulong Skipped { get; private set; }

    /// <summary>Packets that were cut when they were captured, or make no sense, or of which fragments are missing.</summary>
    public ulong Damaged => _damaged + (ulong)(_fragments.Incomplete + _fragments.Waiting);

    /// <summary>The next datagram, valid until the next call; false at the end, or with an <see cref="Error"/>. An IPFIX file tells no source.</summary>
    public bool TryRead(out ReceivedDatagram datagram)
    {
        datagram = default;
        if (Error != CaptureError.None)
            return false;
        return _isIpfix ? TryReadMessage(out datagram) : _packets is not null && TryReadPacket(_packets, out datagram);
    }

    private bool TryReadPacket(IPacketSource packets, out ReceivedDatagram datagram)
    {
        CaptureError error;
        while (packets.TryRead(out CapturedPacket packet, out error))
        {
            Packets++;
            if (TryUnpack(packet, out datagram))
                return true;
        }

        datagram = default;
        Error = error;
        return false;
    }

    private bool TryUnpack(CapturedPacket packet, out ReceivedDatagram datagram)
    {
        datagram = default;
        bool isIp = LinkLayer.TryStrip(packet.LinkType, packet.Octets, out ReadOnlySpan<byte> octets);
        bool isWhole = IpPacket.TryParse(octets, out IpPacket ip);
        if (!isIp || (isWhole && ip.Protocol != Udp))
        {
            Skipped++;
            return false;
        }

        ReadOnlySpan<byte> udp = ip.Content;
        if (ip.IsFragment && !_fragments.TryComplete(ip, out udp))
            return false;
        int length = udp.Length < UdpHeaderLength ? 0 : ReadUInt16BigEndian(udp[4..]);
        if (length < UdpHeaderLength || length > udp.Length)
        {
            _damaged++;
            return false;
        }

        datagram = new ReceivedDatagram
        {
            Bytes = udp[UdpHeaderLength..length],
            Source = new Endpoint(ip.Source, ReadUInt16BigEndian(udp)),
            Seconds = packet.Seconds,
            Microseconds = packet.Microseconds,
        };
        return true;
    }

    // The time of reception is not told; that of the export is close to it.
    private bool TryReadMessage(out ReceivedDatagram datagram)
    {
        datagram = default;
        if (_input.AtEnd)
            return false;
        Error = CaptureError.Truncated;
        if (!_input.TryPeek(IpfixHeaderLength, out ReadOnlySpan<byte> header))
            return false;
        int length = ReadUInt16BigEndian(header[2..]);
        if (ReadUInt16BigEndian(header) != IpfixVersion || length < IpfixHeaderLength)
        {
            Error = CaptureError.BadLength;
            return false;
        }

        if (!_input.TryTake(length, out ReadOnlySpan<byte> message))
            return false;
        Error = CaptureError.None;
        Packets++;
        datagram = new ReceivedDatagram { Bytes = message, Seconds = ReadUInt32BigEndian(message[4..]) };
        return true;
    }
}
