using System;
using System.Runtime.Intrinsics;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Flowd.Anonymize;

/// <summary>
/// AES with a key of 128 bits (FIPS 197), the encryption of single blocks and nothing else. The framework's own needs a library that a
/// process without file system cannot load.
/// </summary>
internal sealed class Aes128(ReadOnlySpan<byte> key)
{
    private const int Rounds = 10;

    private readonly Vector128<byte>[] _roundKeys = AesKeySchedule.Expand(key);

    /// <summary>Encrypts each block in its place, with the processor's instructions where it has them.</summary>
    public void Encrypt(Span<Vector128<byte>> blocks)
    {
        if (X86Aes.IsSupported)
            EncryptX86(blocks);
        else if (ArmAes.IsSupported)
            EncryptArm(blocks);
        else
            EncryptPortably(blocks);
    }

    /// <summary>The same everywhere. What it takes from tables may be seen in its timing, by who shares the processor.</summary>
    public void EncryptPortably(Span<Vector128<byte>> blocks)
    {
        foreach (ref Vector128<byte> block in blocks)
            block = AesPortable.Encrypt(_roundKeys, block);
    }

    // Four at a time, for an instruction takes as long as four of them that do not wait for each other.
    private void EncryptX86(Span<Vector128<byte>> blocks)
    {
        if (!X86Aes.IsSupported)
            return;
        Vector128<byte>[] keys = _roundKeys;
        for (; blocks.Length >= 4; blocks = blocks[4..])
        {
            Vector128<byte> a = blocks[0] ^ keys[0], b = blocks[1] ^ keys[0], c = blocks[2] ^ keys[0], d = blocks[3] ^ keys[0];
            for (int round = 1; round < Rounds; round++)
            {
                Vector128<byte> roundKey = keys[round];
                a = X86Aes.Encrypt(a, roundKey);
                b = X86Aes.Encrypt(b, roundKey);
                c = X86Aes.Encrypt(c, roundKey);
                d = X86Aes.Encrypt(d, roundKey);
            }

            blocks[0] = X86Aes.EncryptLast(a, keys[Rounds]);
            blocks[1] = X86Aes.EncryptLast(b, keys[Rounds]);
            blocks[2] = X86Aes.EncryptLast(c, keys[Rounds]);
            blocks[3] = X86Aes.EncryptLast(d, keys[Rounds]);
        }

        foreach (ref Vector128<byte> block in blocks)
        {
            Vector128<byte> state = block ^ keys[0];
            for (int round = 1; round < Rounds; round++)
                state = X86Aes.Encrypt(state, keys[round]);
            block = X86Aes.EncryptLast(state, keys[Rounds]);
        }
    }

    // Here an instruction adds the key first, and mixing the columns is one of its own.
    private void EncryptArm(Span<Vector128<byte>> blocks)
    {
        if (!ArmAes.IsSupported)
            return;
        Vector128<byte>[] keys = _roundKeys;
        foreach (ref Vector128<byte> block in blocks)
        {
            Vector128<byte> state = block;
            for (int round = 0; round < Rounds - 1; round++)
                state = ArmAes.MixColumns(ArmAes.Encrypt(state, keys[round]));
            block = ArmAes.Encrypt(state, keys[Rounds - 1]) ^ keys[Rounds];
        }
    }
}
