using System;
using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using Flowd.Records;

namespace Flowd.Anonymize;

/// <summary>
/// Jun Xu, Jinliang Fan, Mostafa H. Ammar and Sue B. Moon, "Prefix-Preserving IP Address Anonymization", ICNP 2002. Whether bit i is
/// turned is the first bit of a block encrypted with AES, whose first i bits are the address's own and whose others are those of a pad.
/// </summary>
/// <remarks>
/// One exception, so that "none" stays "none" and no two addresses become one: the unspecified address stays, and the address that
/// would have become it becomes what the unspecified one would have become.
/// </remarks>
internal sealed class CryptoPan : AddressAnonymizer
{
    // Row i has its first i bits set.
    private static readonly Vector128<byte>[] Masks = MakeMasks();

    private readonly Aes128 _cipher;
    private readonly Vector128<byte> _pad;
    private readonly AddressCache _cache = new();
    private readonly Address _ofUnspecifiedIPv4;
    private readonly Address _ofUnspecifiedIPv6;

    public CryptoPan(AnonymizationKey key)
    {
        _cipher = new Aes128(key.CipherKey);
        Span<Vector128<byte>> pad = [Vector128.Create(key.PadSource)];
        _cipher.Encrypt(pad);
        _pad = pad[0];
        _ofUnspecifiedIPv4 = Turn(Address.FromIPv4(0));
        _ofUnspecifiedIPv6 = Turn(Address.FromIPv6(0, 0));
    }

    public override Address Map(in Address address)
    {
        if ((address.High | address.Low) == 0)
            return address; // unspecified, or none at all
        if (_cache.TryFind(address, out Address mapped))
            return mapped;
        mapped = Turn(address);
        if ((mapped.High | mapped.Low) == 0)
            mapped = address.Family == AddressFamily.IPv4 ? _ofUnspecifiedIPv4 : _ofUnspecifiedIPv6;
        _cache.Keep(address, mapped);
        return mapped;
    }

    private Address Turn(in Address address)
    {
        if (address.Family == AddressFamily.IPv4)
        {
            ulong turned = TurnedBits(Block(address.Low << 32, 0), 0, 32);
            return new Address(AddressFamily.IPv4, 0, address.Low ^ turned);
        }

        Vector128<byte> block = Block(address.High, address.Low);
        return new Address(AddressFamily.IPv6, address.High ^ TurnedBits(block, 0, 64), address.Low ^ TurnedBits(block, 64, 64));
    }

    // Which of so many bits from the first one on are turned; the last in the lowest place.
    private ulong TurnedBits(Vector128<byte> address, int first, int count)
    {
        Span<Vector128<byte>> blocks = stackalloc Vector128<byte>[64];
        blocks = blocks[..count];
        Vector128<byte> difference = address ^ _pad;
        ReadOnlySpan<Vector128<byte>> masks = Masks.AsSpan(first, count);
        for (int i = 0; i < blocks.Length; i++)
            blocks[i] = _pad ^ (difference & masks[i]);
        _cipher.Encrypt(blocks);
        ulong turned = 0;
        foreach (Vector128<byte> block in blocks)
            turned = turned << 1 | (uint)block.ToScalar() >> 7;
        return turned;
    }

    // 128 bits in network byte order.
    private static Vector128<byte> Block(ulong high, ulong low)
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(octets, high);
        BinaryPrimitives.WriteUInt64BigEndian(octets[8..], low);
        return Vector128.Create<byte>(octets);
    }

    private static Vector128<byte>[] MakeMasks()
    {
        var masks = new Vector128<byte>[128];
        for (int i = 1; i < masks.Length; i++)
            masks[i] = Block(LeadingOnes(i), LeadingOnes(i - 64));
        return masks;
    }

    private static ulong LeadingOnes(int count) => count <= 0 ? 0 : count >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - count);
}
