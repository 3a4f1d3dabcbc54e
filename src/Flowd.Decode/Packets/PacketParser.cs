using System;
using Flowd.Decode.Sets;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Decode.Packets;

/// <summary>
/// The beginning of a packet, as far as it was sampled: link layer, VLAN tags, MPLS, PPPoE, IPv4 or IPv6 with extension headers, ports. What is cut off or
/// makes no sense ends it; what was read before is kept. Every step takes octets, so there are no more steps than octets. Of tunnels the outer header counts.
/// </summary>
internal ref struct PacketParser(ReadOnlySpan<byte> octets, ref FlowRecord record)
{
    private const int MacLength = 6;
    private const int IPv6HeaderLength = 40;
    private const int LeastIPv4HeaderLength = 20;
    private const ushort LeastEtherType = 0x600; // what is less is a length (IEEE 802.3)

    private readonly ref FlowRecord _record = ref record;
    private WireReader _reader = new(octets);

    /// <summary>Reads a packet that begins with a link layer of that kind (header_protocol of sFlow); false if we know none such.</summary>
    public bool TryParse(uint protocol)
    {
        switch ((HeaderProtocol)protocol)
        {
            case HeaderProtocol.Ethernet:
                ParseEthernet();
                return true;
            case HeaderProtocol.Ppp:
                ParsePpp();
                return true;
            case HeaderProtocol.IPv4 or HeaderProtocol.IPv6:
                ParseIp();
                return true;
            case HeaderProtocol.Mpls:
                ParseMpls();
                return true;
            default:
                return false;
        }
    }

    /*
         0  destination   6  source   12  type, or length of an IEEE 802.3 frame
    */
    private void ParseEthernet()
    {
        if (!_reader.TryTake(2 * MacLength, out ReadOnlySpan<byte> addresses) || !_reader.TryReadUInt16(out ushort type))
            return;
        _record.Layer2.DestinationMac = WireValue.Number(addresses[..MacLength]);
        _record.Layer2.SourceMac = WireValue.Number(addresses[MacLength..]);
        _record.Fields |= LogFields.Layer2;
        for (int tags = 0; IsTag(type) && _reader.TryReadUInt16(out ushort tag) && _reader.TryReadUInt16(out type); tags++)
            TakeTag(tags, tag);
        if (type < LeastEtherType && !TryReadSnap(out type))
            return;
        _record.Layer2.EtherType = type;
        ParseEtherType(type);
    }

    // IEEE 802.1Q and 802.1ad, and what was used before there was a standard.
    private static bool IsTag(ushort type) => type is 0x8100 or 0x88A8 or 0x9100 or 0x9200;

    private readonly void TakeTag(int number, ushort tag)
    {
        ushort vlan = (ushort)(tag & 0xFFF);
        if (number == 0)
            _record.Layer2.Vlan = vlan;
        else if (number == 1)
            _record.Layer2.CustomerVlan = vlan;
    }

    // LLC and SNAP: AA AA 03, an organisation, and a type if that is 0 (RFC 1042).
    private bool TryReadSnap(out ushort type)
    {
        type = 0;
        return _reader.TryTake(6, out ReadOnlySpan<byte> head) && head[..2] is [0xAA, 0xAA] && _reader.TryReadUInt16(out type);
    }

    private void ParseEtherType(ushort type)
    {
        switch (type)
        {
            case 0x0800 or 0x86DD:
                ParseIp();
                break;
            case 0x8847 or 0x8848:
                ParseMpls();
                break;
            case 0x8864 when _reader.TryTake(6, out _): // PPPoE session (RFC 2516): version, code, session, length
                ParsePpp();
                break;
        }
    }

    // RFC 1661: address and control may be left out, and so may the high octet of the protocol.
    private void ParsePpp()
    {
        if (_reader.Rest is [0xFF, 0x03, ..])
            _reader.TryTake(2, out _);
        if (!_reader.TryReadByte(out byte first))
            return;
        ushort protocol = first;
        if ((first & 1) == 0)
        {
            if (!_reader.TryReadByte(out byte second))
                return;
            protocol = (ushort)(first << 8 | second);
        }

        if (protocol is 0x0021 or 0x0057)
            ParseIp();
        else if (protocol == 0x0281)
            ParseMpls();
    }

    // What follows the last entry is told by its first bits: IP, or something that we do not look into.
    private void ParseMpls()
    {
        _record.Fields |= LogFields.Mpls;
        for (int depth = 0; _reader.TryReadUInt32(out uint entry); depth++)
        {
            if (depth < MplsLabels.Length)
                _record.Mpls[depth] = entry;
            if ((entry & 0x100) == 0)
                continue;
            ParseIp();
            return;
        }
    }

    private void ParseIp()
    {
        if (_reader.AtEnd)
            return;
        int version = _reader.Rest[0] >> 4;
        if (version == 4)
            ParseIPv4();
        else if (version == 6)
            ParseIPv6();
    }

    /*
         0  version, header length   1  tos   2  total length   4  id   6  flags, fragment offset   8  ttl   9  protocol   10  checksum   12  source   16  destination
    */
    private void ParseIPv4()
    {
        if (!_reader.TryTake(LeastIPv4HeaderLength, out ReadOnlySpan<byte> header))
            return;
        _record.Fields |= LogFields.SrcAddr4 | LogFields.DstAddr4 | LogFields.ProtoFlagsTos | LogFields.Status;
        _record.TypeOfService = header[1];
        _record.Protocol = header[9];
        _record.SourceAddress = Address.FromIPv4(ReadUInt32BigEndian(header[12..]));
        _record.DestinationAddress = Address.FromIPv4(ReadUInt32BigEndian(header[16..]));
        ushort fragment = ReadUInt16BigEndian(header[6..]);
        SetStatus(version: 4, ttl: header[8], fragmentFlags: (byte)(fragment >> 8 & 0xE0));
        int options = (header[0] & 0xF) * 4 - LeastIPv4HeaderLength;
        if (_reader.TryTake(options, out _) && (fragment & 0x1FFF) == 0)
            ParseTransport();
    }

    /*
         0  version, traffic class, flow label   4  payload length   6  next header   7  hop limit   8  source   24  destination
    */
    private void ParseIPv6()
    {
        if (!_reader.TryTake(IPv6HeaderLength, out ReadOnlySpan<byte> header))
            return;
        _record.Fields |= LogFields.SrcAddr6 | LogFields.DstAddr6 | LogFields.ProtoFlagsTos | LogFields.Status;
        _record.TypeOfService = (byte)(ReadUInt16BigEndian(header) >> 4 & 0xFF);
        _record.Protocol = header[6];
        _record.SourceAddress = Address.FromIPv6(header[8..24]);
        _record.DestinationAddress = Address.FromIPv6(header[24..40]);
        SetStatus(version: 6, ttl: header[7], fragmentFlags: 0);
        if (TrySkipExtensions())
            ParseTransport();
    }

    private readonly void SetStatus(byte version, byte ttl, byte fragmentFlags)
    {
        _record.Status.IpVersion = version;
        _record.Status.MinimumTtl = ttl;
        _record.Status.MaximumTtl = ttl;
        _record.Status.FragmentFlags = fragmentFlags;
    }

    // False if there is no transport header behind them, or none that we can see.
    private bool TrySkipExtensions()
    {
        while (true)
        {
            int unit, more;
            switch ((IpProtocol)_record.Protocol)
            {
                case IpProtocol.HopByHop or IpProtocol.Routing or IpProtocol.DestinationOptions:
                    (unit, more) = (8, 8); // length in units, without the first 8 octets (RFC 8200 section 4)
                    break;
                case IpProtocol.Authentication:
                    (unit, more) = (4, 8); // RFC 4302 section 2.2
                    break;
                case IpProtocol.Fragment:
                    if (!TrySkipFragment())
                        return false;
                    continue;
                default:
                    return true;
            }

            if (!_reader.TryReadByte(out byte next) || !_reader.TryReadByte(out byte length) || !_reader.TryTake(length * unit + more - 2, out _))
                return false;
            _record.Protocol = next;
        }
    }

    /*
         0  next header   1  reserved   2  offset, flags   4  identification
    */
    private bool TrySkipFragment()
    {
        if (!_reader.TryTake(8, out ReadOnlySpan<byte> header))
            return false;
        _record.Protocol = header[0];
        ushort offset = ReadUInt16BigEndian(header[2..]);
        _record.Status.FragmentFlags = (byte)((offset & 1) << 5); // more fragments, where IPv4 has it
        return offset >> 3 == 0;
    }

    private void ParseTransport()
    {
        switch ((IpProtocol)_record.Protocol)
        {
            case IpProtocol.Tcp:
                if (TryReadPorts() && _reader.TryTake(10, out ReadOnlySpan<byte> rest)) // sequence, acknowledgement, offset and flags
                    SetTcpFlags((ushort)(ReadUInt16BigEndian(rest[8..]) & 0xFFF));
                break;
            case IpProtocol.Udp or IpProtocol.UdpLite or IpProtocol.Sctp or IpProtocol.Dccp:
                TryReadPorts();
                break;
            case IpProtocol.Icmp or IpProtocol.IcmpForIPv6:
                ReadIcmp();
                break;
        }
    }

    private bool TryReadPorts()
    {
        if (!_reader.TryReadUInt16(out ushort source) || !_reader.TryReadUInt16(out ushort destination))
            return false;
        _record.SourcePort = source;
        _record.DestinationPort = destination;
        _record.Fields |= LogFields.SrcDstPort;
        return true;
    }

    private readonly void SetTcpFlags(ushort flags)
    {
        _record.TcpFlags = (byte)(flags & 0xFF);
        _record.Status.TcpFlags = flags;
    }

    // As NetFlow has it: type and code stand in the place of the destination port as well.
    private void ReadIcmp()
    {
        if (!_reader.TryReadUInt16(out ushort typeAndCode))
            return;
        _record.Status.SetIcmp(typeAndCode);
        _record.DestinationPort = typeAndCode;
        _record.Fields |= LogFields.SrcDstPort;
    }
}
