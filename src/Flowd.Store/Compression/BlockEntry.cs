using System;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>What the index of a compressed log says of one block, which is one frame.</summary>
/// <param name="Length">Of the frame, in octets.</param>
/// <param name="ContentLength">Of the records in it, in octets.</param>
/// <param name="Records">How many they are.</param>
/// <param name="FirstSeconds">The earliest reception, in seconds since 1970-01-01 UTC.</param>
/// <param name="LastSeconds">The latest.</param>
/// <param name="Addresses">A <see cref="BloomFilter"/> of sources and destinations; empty if there is none.</param>
/// <param name="AddressHashes">How many places each key has in it.</param>
/// <param name="Ports">The same of ports.</param>
/// <param name="PortHashes">The same of ports.</param>
internal sealed record BlockEntry(
    uint Length, uint ContentLength, uint Records, uint FirstSeconds, uint LastSeconds, ReadOnlyMemory<byte> Addresses, byte AddressHashes, ReadOnlyMemory<byte> Ports,
    byte PortHashes)
{
    /*
        0 length u32   4 content u32   8 records u32   12 first u32   16 last u32   20 octets of addresses u32   24 octets of ports u32
        28 hashes of addresses u8   29 hashes of ports u8   30 zero u16   32 addresses, ports
    */
    public const int HeaderLength = 32;

    /// <summary>False if no record in it can be one of the selection.</summary>
    public bool MayHave(LogSelection selection)
        => LastSeconds >= selection.FromSeconds
            && FirstSeconds <= selection.ToSeconds
            && MayHave(selection.Addresses, Addresses.Span, AddressHashes, static address => KeyOf(address))
            && MayHave(selection.Ports, Ports.Span, PortHashes, static port => port);

    /// <summary>What stands for an address in the filter.</summary>
    public static ulong KeyOf(Address address) => unchecked(address.High * 0x9E37_79B9_7F4A_7C15 + address.Low + (ulong)address.Family);

    public int Write(Span<byte> destination)
    {
        WriteUInt32BigEndian(destination, Length);
        WriteUInt32BigEndian(destination[4..], ContentLength);
        WriteUInt32BigEndian(destination[8..], Records);
        WriteUInt32BigEndian(destination[12..], FirstSeconds);
        WriteUInt32BigEndian(destination[16..], LastSeconds);
        WriteUInt32BigEndian(destination[20..], (uint)Addresses.Length);
        WriteUInt32BigEndian(destination[24..], (uint)Ports.Length);
        destination[28] = AddressHashes;
        destination[29] = PortHashes;
        WriteUInt16BigEndian(destination[30..], 0);
        Addresses.Span.CopyTo(destination[HeaderLength..]);
        Ports.Span.CopyTo(destination[(HeaderLength + Addresses.Length)..]);
        return HeaderLength + Addresses.Length + Ports.Length;
    }

    /// <summary>Null if there is none.</summary>
    public static BlockEntry? TryRead(ReadOnlyMemory<byte> source, out int length)
    {
        length = 0;
        if (source.Length < HeaderLength)
            return null;
        ReadOnlySpan<byte> header = source.Span;
        uint addresses = ReadUInt32BigEndian(header[20..]);
        uint ports = ReadUInt32BigEndian(header[24..]);
        if ((ulong)addresses + ports > (ulong)(source.Length - HeaderLength))
            return null;
        length = HeaderLength + (int)addresses + (int)ports;
        return new BlockEntry(
            ReadUInt32BigEndian(header), ReadUInt32BigEndian(header[4..]), ReadUInt32BigEndian(header[8..]), ReadUInt32BigEndian(header[12..]),
            ReadUInt32BigEndian(header[16..]), source.Slice(HeaderLength, (int)addresses), header[28], source.Slice(HeaderLength + (int)addresses, (int)ports), header[29]);
    }

    private static bool MayHave<T>(T[] wanted, ReadOnlySpan<byte> filter, int hashes, Func<T, ulong> keyOf)
    {
        if (wanted.Length == 0)
            return true;
        foreach (T value in wanted)
        {
            if (BloomFilter.MayHave(filter, hashes, keyOf(value)))
                return true;
        }

        return false;
    }
}
