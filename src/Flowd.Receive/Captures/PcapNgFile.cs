using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Flowd.Receive.Captures;

/// <summary>The pcapng format (draft-ietf-opsawg-pcapng): blocks, of which those with packets and those that describe interfaces are read.</summary>
/*
    block      0  type u32   4  length u32, of the whole block   8  content, filled up to 4 octets   n  length again
    section    8  byte order magic
    interface  8  link type u16   12  snaplen u32   16  options
    enhanced   8  interface u32   12  time, high and low u32   20  octets here u32   24  octets once u32   28  octets
    simple     8  octets once u32   12  octets
    obsolete   8  interface u16   10  drops u16   then as enhanced
*/
internal sealed class PcapNgFile(CaptureInput input) : IPacketSource
{
    private const uint SectionBlock = 0x0A0D0D0A;
    private const uint ByteOrderMagic = 0x1A2B3C4D;
    private const uint InterfaceBlock = 1;
    private const uint ObsoleteBlock = 2;
    private const uint SimpleBlock = 3;
    private const uint EnhancedBlock = 6;

    private const int BlockHeaderLength = 8;
    private const int LeastBlock = 12;
    private const uint LargestBlock = 32 << 20;
    private const int MostInterfaces = 65_536;

    private const ushort ResolutionOption = 9;
    private const ushort OffsetOption = 14;
    private const ulong Million = 1_000_000;
    private const byte PowerOfTwo = 0x80;

    private readonly record struct Interface(uint LinkType, UInt128 UnitsPerSecond, long OffsetSeconds);

    private readonly List<Interface> _interfaces = [];
    private bool _isLittleEndian;

    /// <summary>Null if the capture is of another format.</summary>
    public static PcapNgFile? TryOpen(CaptureInput input)
        => input.TryPeek(sizeof(uint), out ReadOnlySpan<byte> magic) && BinaryPrimitives.ReadUInt32BigEndian(magic) == SectionBlock ? new PcapNgFile(input) : null;

    public bool TryRead(out CapturedPacket packet, out CaptureError error)
    {
        packet = default;
        while (TryTakeBlock(out uint type, out ReadOnlySpan<byte> content, out error))
        {
            if (type == InterfaceBlock)
                error = AddInterface(content);
            else if (type is EnhancedBlock or ObsoleteBlock && TryPacket(content, type == ObsoleteBlock, out packet, out error))
                return true;
            else if (type == SimpleBlock && TrySimplePacket(content, out packet, out error))
                return true;
            if (error != CaptureError.None)
                return false;
        }

        return false;
    }

    private bool TryTakeBlock(out uint type, out ReadOnlySpan<byte> content, out CaptureError error)
    {
        type = 0;
        content = default;
        error = CaptureError.None;
        if (input.AtEnd)
            return false;
        error = CaptureError.Truncated;
        if (!input.TryPeek(LeastBlock, out ReadOnlySpan<byte> header))
            return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(header) == SectionBlock)
            BeginSection(header);
        type = Word(header);
        uint length = Word(header[4..]);
        if (length is < LeastBlock or > LargestBlock || length % 4 != 0)
        {
            error = CaptureError.BadLength;
            return false;
        }

        if (!input.TryTake((int)length, out ReadOnlySpan<byte> block))
            return false;
        content = block[BlockHeaderLength..^sizeof(uint)];
        error = CaptureError.None;
        return true;
    }

    // Each section may have another byte order, and has interfaces of its own.
    private void BeginSection(ReadOnlySpan<byte> header)
    {
        _isLittleEndian = BinaryPrimitives.ReadUInt32LittleEndian(header[BlockHeaderLength..]) == ByteOrderMagic;
        _interfaces.Clear();
    }

    private CaptureError AddInterface(ReadOnlySpan<byte> content)
    {
        if (content.Length < 8 || _interfaces.Count == MostInterfaces)
            return CaptureError.BadLength;
        var described = new Interface(Half(content), Million, 0);
        ReadOnlySpan<byte> options = content[8..];
        while (options.Length >= 4 && Half(options) is not 0 and ushort code)
        {
            int length = Half(options[2..]);
            int filled = length + 3 & ~3;
            if (filled > options.Length - 4)
                break;
            described = Apply(described, code, options.Slice(4, length));
            options = options[(4 + filled)..];
        }

        _interfaces.Add(described);
        return CaptureError.None;
    }

    private Interface Apply(Interface described, ushort code, ReadOnlySpan<byte> value) => code switch
    {
        ResolutionOption when value.Length == 1 => described with { UnitsPerSecond = Resolution(value[0]) },
        OffsetOption when value.Length == 8 => described with { OffsetSeconds = unchecked((long)((ulong)Word(_isLittleEndian ? value[4..] : value) << 32 | Word(_isLittleEndian ? value : value[4..]))) },
        _ => described,
    };

    // A power of two or of ten; what is finer than times of 64 bits can be is taken for a mistake.
    private static UInt128 Resolution(byte value)
    {
        int exponent = value & ~PowerOfTwo;
        if ((value & PowerOfTwo) != 0)
            return exponent < 64 ? UInt128.One << exponent : Million;
        UInt128 units = 1;
        for (int i = 0; i < exponent && exponent < 20; i++)
            units *= 10;
        return exponent < 20 ? units : Million;
    }

    private bool TryPacket(ReadOnlySpan<byte> content, bool isObsolete, out CapturedPacket packet, out CaptureError error)
    {
        packet = default;
        error = CaptureError.BadLength;
        if (content.Length < 20)
            return false;
        uint number = isObsolete ? Half(content) : Word(content);
        uint length = Word(content[12..]);
        if (length > content.Length - 20)
            return false;
        if (number >= _interfaces.Count)
        {
            error = CaptureError.UnknownInterface;
            return false;
        }

        Interface described = _interfaces[(int)number];
        (uint seconds, uint microseconds) = Time((ulong)Word(content[4..]) << 32 | Word(content[8..]), described);
        packet = new CapturedPacket(described.LinkType, seconds, microseconds, content.Slice(20, (int)length));
        error = CaptureError.None;
        return true;
    }

    // Without a time, and without a length of its own: it is as long as its block has room for, or as it was.
    private bool TrySimplePacket(ReadOnlySpan<byte> content, out CapturedPacket packet, out CaptureError error)
    {
        packet = default;
        error = content.Length < 4 ? CaptureError.BadLength : _interfaces.Count == 0 ? CaptureError.UnknownInterface : CaptureError.None;
        if (error != CaptureError.None)
            return false;
        int length = (int)Math.Min(Word(content), (uint)(content.Length - 4));
        packet = new CapturedPacket(_interfaces[0].LinkType, 0, 0, content.Slice(4, length));
        return true;
    }

    private static (uint Seconds, uint Microseconds) Time(ulong units, Interface described)
    {
        (UInt128 seconds, UInt128 rest) = UInt128.DivRem(units, described.UnitsPerSecond);
        Int128 shifted = (Int128)seconds + described.OffsetSeconds;
        uint bounded = shifted < 0 ? 0 : shifted > uint.MaxValue ? uint.MaxValue : (uint)shifted;
        return (bounded, (uint)(rest * Million / described.UnitsPerSecond));
    }

    private uint Word(ReadOnlySpan<byte> octets)
        => _isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(octets) : BinaryPrimitives.ReadUInt32BigEndian(octets);

    private ushort Half(ReadOnlySpan<byte> octets)
        => _isLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(octets) : BinaryPrimitives.ReadUInt16BigEndian(octets);
}
