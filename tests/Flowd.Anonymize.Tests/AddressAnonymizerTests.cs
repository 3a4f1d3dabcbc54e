using System;
using System.Collections.Generic;
using System.Numerics;
using System.Security.Cryptography;
using CsCheck;
using Flowd.Anonymize;
using Flowd.Records;

namespace Flowd.Tests;

public class AddressAnonymizerTests
{
    private static readonly Gen<Address> GenIPv4 = Gen.UInt.Where(address => address != 0).Select(Address.FromIPv4);
    private static readonly Gen<Address> GenIPv6 = Gen.Select(Gen.ULong, Gen.ULong.Where(low => low != 0)).Select((high, low) => Address.FromIPv6(high, low));
    private static readonly Gen<Address> GenAddress = Gen.OneOf(GenIPv4, GenIPv6);

    private static readonly AddressAnonymizer CryptoPan = WithKey(PublishedVectorTests.SampleKey);

    // Also pairs that share many bits, which two random addresses hardly ever do.
    [Fact]
    public void CryptoPan_keeps_how_much_two_addresses_share()
        => Gen.Select(GenAddress, GenAddress, Gen.Int[0, 127]).Sample((address, other, shared) =>
        {
            Address neighbour = Blend(address, other with { Family = address.Family }, shared % address.Bits);
            if ((neighbour.High | neighbour.Low) == 0)
                return;
            Assert.Equal(SharedBits(address, neighbour), SharedBits(CryptoPan.Map(address), CryptoPan.Map(neighbour)));
        }, iter: 20_000);

    [Fact]
    public void CryptoPan_is_the_definition()
        => Gen.Select(GenAddress, Gen.Byte.Array[32].Where(IsKey)).Sample((address, key) => Assert.Equal(Definition(address, key), WithKey(key).Map(address)), iter: 300);

    // Every address of a /16, the mapped ones of which are then those of another /16.
    [Fact]
    public void CryptoPan_maps_no_two_addresses_to_one()
    {
        var mapped = new HashSet<ulong>();
        for (uint host = 0; host <= ushort.MaxValue; host++)
            mapped.Add(CryptoPan.Map(Address.FromIPv4(0xC000_0000 | host)).Low);

        Assert.Equal(65_536, mapped.Count);
        Assert.Single(new HashSet<ulong>(Map(mapped, address => address >> 16)));
    }

    [Fact]
    public void CryptoPan_does_the_same_with_the_cache_and_without()
        => GenAddress.Array[1, 50].Sample(addresses =>
        {
            AddressAnonymizer fresh = WithKey(PublishedVectorTests.SampleKey);
            foreach (Address address in addresses)
            {
                Assert.Equal(CryptoPan.Map(address), fresh.Map(address));
                Assert.Equal(CryptoPan.Map(address), fresh.Map(address));
            }
        }, iter: 500);

    // Exporters write 0.0.0.0 and :: for "none". What Crypto-PAn maps to them takes their turn, found here by walking back from zero.
    [Theory]
    [InlineData(AddressFamily.IPv4)]
    [InlineData(AddressFamily.IPv6)]
    public void CryptoPan_leaves_the_unspecified_address_and_stays_one_to_one(AddressFamily family)
    {
        var unspecified = new Address(family, 0, 0);
        Address becomesZero = Inverse(unspecified, PublishedVectorTests.SampleKey);

        Assert.Equal(unspecified, CryptoPan.Map(unspecified));
        Assert.NotEqual(unspecified, becomesZero);
        Assert.Equal(Definition(unspecified, PublishedVectorTests.SampleKey), CryptoPan.Map(becomesZero));
    }

    [Fact]
    public void What_is_no_address_stays_none()
    {
        Assert.Equal(default, CryptoPan.Map(default));
        Assert.Equal(default, AddressAnonymizer.Truncate(24, 48).Map(default));
    }

    [Theory]
    [InlineData(24, 48, "192.0.2.77", "192.0.2.0")]
    [InlineData(0, 48, "192.0.2.77", "0.0.0.0")]
    [InlineData(32, 48, "192.0.2.77", "192.0.2.77")]
    [InlineData(31, 48, "192.0.2.77", "192.0.2.76")]
    [InlineData(24, 48, "2001:db8:1:2:3:4:5:6", "2001:db8:1::")]
    [InlineData(24, 0, "2001:db8:1:2:3:4:5:6", "::")]
    [InlineData(24, 64, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData(24, 65, "2001:db8:1:2:ffff:4:5:6", "2001:db8:1:2:8000::")]
    [InlineData(24, 128, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6")]
    public void Truncate_keeps_the_first_bits(int ipv4Bits, int ipv6Bits, string address, string mapped)
    {
        Assert.True(AddressText.TryParse(address, out Address original));
        Assert.Equal(mapped, AddressAnonymizer.Truncate(ipv4Bits, ipv6Bits).Map(original).ToString());
    }

    [Theory]
    [InlineData(-1, 48)]
    [InlineData(33, 48)]
    [InlineData(24, -1)]
    [InlineData(24, 129)]
    public void Truncate_takes_only_lengths_that_exist(int ipv4Bits, int ipv6Bits)
        => Assert.Throws<ArgumentOutOfRangeException>(() => AddressAnonymizer.Truncate(ipv4Bits, ipv6Bits));

    [Fact]
    public void Of_a_record_source_destination_and_next_hop_are_mapped_and_nothing_else()
    {
        var record = new FlowRecord
        {
            Fields = LogFields.All & ~(LogFields.SrcAddr6 | LogFields.DstAddr6 | LogFields.GatewayAddr4 | LogFields.AgentAddr6),
            AgentAddress = Address.FromIPv4(0xC0000201),
            SourceAddress = Address.FromIPv4(0x0A000001),
            DestinationAddress = Address.FromIPv4(0x0A000002),
            GatewayAddress = Address.FromIPv6(0x20010DB8_00000000, 1),
            SourceMask = 24,
            DestinationMask = 48,
            Octets = 77,
        };
        FlowRecord wanted = record with
        {
            SourceAddress = CryptoPan.Map(record.SourceAddress),
            DestinationAddress = CryptoPan.Map(record.DestinationAddress),
            GatewayAddress = CryptoPan.Map(record.GatewayAddress),
        };
        Assert.NotEqual(wanted, record);

        CryptoPan.Apply(ref record);

        Assert.Equal(wanted, record);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        CryptoPan.Map(Address.FromIPv4(1));
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (uint i = 1; i < 5_000; i++)
            {
                CryptoPan.Map(Address.FromIPv4(i));
                CryptoPan.Map(Address.FromIPv6(i, i));
            }
        }));
    }

    private static AddressAnonymizer WithKey(byte[] octets)
    {
        Assert.Equal(KeyError.None, AnonymizationKey.TryParse(octets, out AnonymizationKey? key));
        return AddressAnonymizer.CryptoPan(key!);
    }

    private static bool IsKey(byte[] octets) => AnonymizationKey.TryParse(octets, out _) == KeyError.None;

    // The paper's, bit by bit, with the framework's cipher.
    private static Address Definition(Address address, byte[] key) => Walk(address, key, isInverse: false);

    private static Address Inverse(Address mapped, byte[] key) => Walk(mapped, key, isInverse: true);

    private static Address Walk(Address address, byte[] key, bool isInverse)
    {
        using Aes cipher = Aes.Create();
        cipher.Key = key[..16];
        var pad = new BigInteger(cipher.EncryptEcb(key[16..], PaddingMode.None), isUnsigned: true, isBigEndian: true);
        BigInteger input = Number(address) << (128 - address.Bits), output = 0, original = 0;
        for (int i = 0; i < address.Bits; i++)
        {
            int place = 127 - i;
            BigInteger rest = (BigInteger.One << (place + 1)) - 1;
            byte[] block = (original | pad & rest).ToByteArray(isUnsigned: true, isBigEndian: true);
            byte[] padded = [.. new byte[16 - block.Length], .. block];
            BigInteger turn = cipher.EncryptEcb(padded, PaddingMode.None)[0] >> 7;
            BigInteger bit = (input >> place & 1) ^ turn;
            output |= bit << place;
            original |= (isInverse ? bit : input >> place & 1) << place;
        }

        return ToAddress(address.Family, output >> (128 - address.Bits));
    }

    private static BigInteger Number(Address address) => ((BigInteger)address.High << 64) + address.Low;

    private static Address ToAddress(AddressFamily family, BigInteger number) => new(family, (ulong)(number >> 64), (ulong)(number & ulong.MaxValue));

    // The first so many bits of one, the rest of the other.
    private static Address Blend(Address first, Address second, int bits)
    {
        BigInteger rest = (BigInteger.One << (first.Bits - bits)) - 1;
        BigInteger all = (BigInteger.One << first.Bits) - 1;
        return ToAddress(first.Family, Number(first) & ~rest & all | Number(second) & rest);
    }

    private static int SharedBits(Address x, Address y)
    {
        BigInteger difference = Number(x) ^ Number(y);
        return x.Bits - (int)difference.GetBitLength();
    }

    private static IEnumerable<ulong> Map(IEnumerable<ulong> values, Func<ulong, ulong> map)
    {
        foreach (ulong value in values)
            yield return map(value);
    }
}
