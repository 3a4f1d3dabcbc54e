using System;
using System.Buffers.Binary;

namespace Flowd.Receive.Captures;

/// <summary>The pcap format (draft-ietf-opsawg-pcap), of either byte order, with times in µs or ns.</summary>
/*
    file     0  magic   4  major u16   6  minor u16   8  reserved   16  snaplen   20  link type
    packet   0  seconds   4  fraction   8  octets here   12  octets once   16  (modified: interface, protocol, type)
*/
internal sealed class PcapFile : IPacketSource
{
    private const int FileHeaderLength = 24;
    private const int PacketHeaderLength = 16;
    private const int ModifiedHeaderLength = 24;
    private const uint LargestPacket = 16 << 20;
    private const uint LinkTypeMask = 0xFFFF; // what is above tells of checksums
    private const uint Million = 1_000_000;

    private readonly record struct Flavour(uint Magic, uint FractionsPerMicrosecond, int PacketHeaderLength);

    private static readonly Flavour[] Flavours =
    [
        new(0xA1B2C3D4, 1, PacketHeaderLength),
        new(0xA1B23C4D, 1000, PacketHeaderLength),
        new(0xA1B2CD34, 1, ModifiedHeaderLength),
    ];

    private readonly CaptureInput _input;
    private readonly Flavour _flavour;
    private readonly bool _isLittleEndian;
    private readonly uint _linkType;

    private PcapFile(CaptureInput input, Flavour flavour, bool isLittleEndian, ReadOnlySpan<byte> header)
    {
        (_input, _flavour, _isLittleEndian) = (input, flavour, isLittleEndian);
        _linkType = Word(header[20..]) & LinkTypeMask;
    }

    /// <summary>Null if the capture is of another format, or ends within its header.</summary>
    public static PcapFile? TryOpen(CaptureInput input)
    {
        if (!input.TryPeek(FileHeaderLength, out ReadOnlySpan<byte> header))
            return null;
        foreach (Flavour flavour in Flavours)
        {
            bool isLittle = BinaryPrimitives.ReadUInt32LittleEndian(header) == flavour.Magic;
            if (!isLittle && BinaryPrimitives.ReadUInt32BigEndian(header) != flavour.Magic)
                continue;
            input.TryTake(FileHeaderLength, out header);
            return new PcapFile(input, flavour, isLittle, header);
        }

        return null;
    }

    public bool TryRead(out CapturedPacket packet, out CaptureError error)
    {
        packet = default;
        error = CaptureError.None;
        if (_input.AtEnd)
            return false;
        error = CaptureError.Truncated;
        if (!_input.TryPeek(_flavour.PacketHeaderLength, out ReadOnlySpan<byte> header))
            return false;
        uint length = Word(header[8..]);
        if (length > LargestPacket)
        {
            error = CaptureError.BadLength;
            return false;
        }

        if (!_input.TryPeek(_flavour.PacketHeaderLength + (int)length, out ReadOnlySpan<byte> whole))
            return false;
        uint seconds = Word(whole);
        uint microseconds = Math.Min(Word(whole[4..]) / _flavour.FractionsPerMicrosecond, Million - 1);
        _input.TryTake(whole.Length, out whole);
        packet = new CapturedPacket(_linkType, seconds, microseconds, whole[_flavour.PacketHeaderLength..]);
        error = CaptureError.None;
        return true;
    }

    private uint Word(ReadOnlySpan<byte> octets)
        => _isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(octets) : BinaryPrimitives.ReadUInt32BigEndian(octets);
}
