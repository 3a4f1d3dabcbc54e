using System;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using CsCheck;
using Flowd.Anonymize;

namespace Flowd.Tests;

/// <summary>The cipher, with the processor's instructions and without, against published vectors and the framework's.</summary>
public class Aes128Tests
{
    private const string Sp800Key = "2b7e1516 28aed2a6 abf71588 09cf4f3c";

    public static TheoryData<string, string, string, string> Vectors => new()
    {
        { "FIPS 197 appendix B", Sp800Key, "3243f6a8 885a308d 313198a2 e0370734", "3925841d 02dc09fb dc118597 196a0b32" },
        { "FIPS 197 appendix C.1", "00010203 04050607 08090a0b 0c0d0e0f", "00112233 44556677 8899aabb ccddeeff", "69c4e0d8 6a7b0430 d8cdb780 70b4c55a" },
        { "SP 800-38A F.1.1 block 1", Sp800Key, "6bc1bee2 2e409f96 e93d7e11 7393172a", "3ad77bb4 0d7a3660 a89ecaf3 2466ef97" },
        { "SP 800-38A F.1.1 block 2", Sp800Key, "ae2d8a57 1e03ac9c 9eb76fac 45af8e51", "f5d3d585 03b9699d e785895a 96fdbaaf" },
        { "SP 800-38A F.1.1 block 3", Sp800Key, "30c81c46 a35ce411 e5fbc119 1a0a52ef", "43b1cd7f 598ece23 881b00e3 ed030688" },
        { "SP 800-38A F.1.1 block 4", Sp800Key, "f69f2445 df4f9b17 ad2b417b e66c3710", "7b0c785e 27e8ad3f 82232071 04725dd4" },
    };

    [Theory, MemberData(nameof(Vectors))]
    public void Published_vectors(string source, string key, string plain, string encrypted)
    {
        Assert.NotEmpty(source);
        var cipher = new Aes128(Hex.Parse(key));
        Vector128<byte> wanted = Vector128.Create(Hex.Parse(encrypted));
        Span<Vector128<byte>> fast = [Vector128.Create(Hex.Parse(plain))];
        Span<Vector128<byte>> slow = [fast[0]];

        cipher.Encrypt(fast);
        cipher.EncryptPortably(slow);

        Assert.Equal(wanted, fast[0]);
        Assert.Equal(wanted, slow[0]);
    }

    [Fact]
    public void Both_ways_agree_with_the_framework()
        => Gen.Select(Gen.Byte.Array[16], Gen.Byte.Array[16].Array[0, 13]).Sample((key, plain) =>
        {
            using Aes reference = Aes.Create();
            reference.Key = key;
            var cipher = new Aes128(key);
            Vector128<byte>[] fast = Array.ConvertAll(plain, octets => Vector128.Create(octets));
            Vector128<byte>[] slow = [.. fast];

            cipher.Encrypt(fast);
            cipher.EncryptPortably(slow);

            for (int i = 0; i < plain.Length; i++)
            {
                Vector128<byte> wanted = Vector128.Create(reference.EncryptEcb(plain[i], PaddingMode.None));
                Assert.Equal(wanted, fast[i]);
                Assert.Equal(wanted, slow[i]);
            }
        }, iter: 2_000);
}
