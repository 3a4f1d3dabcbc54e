using System;
using System.Collections.Generic;

namespace Flowd.Store;

/// <summary>A set that may say yes for what is not in it, never no for what is (Bloom 1970). Its octets are what stands in the file.</summary>
internal static class BloomFilter
{
    /// <summary>Makes the octets for keys, so many bits for each, with so many places set for each.</summary>
    public static byte[] Make(IReadOnlyCollection<ulong> keys, int bitsPerKey, int hashes)
    {
        byte[] octets = new byte[(keys.Count * (long)bitsPerKey + 7) / 8];
        foreach (ulong key in keys)
        {
            ulong hash = Mix(key);
            for (int i = 0; i < hashes; i++)
            {
                ulong bit = Place(hash, i, octets.Length);
                octets[bit / 8] |= (byte)(1 << (int)(bit % 8));
            }
        }

        return octets;
    }

    /// <summary>An empty one knows nothing, and says yes to everything.</summary>
    public static bool MayHave(ReadOnlySpan<byte> octets, int hashes, ulong key)
    {
        if (octets.IsEmpty)
            return true;
        ulong hash = Mix(key);
        for (int i = 0; i < hashes; i++)
        {
            ulong bit = Place(hash, i, octets.Length);
            if ((octets[(int)(bit / 8)] & 1 << (int)(bit % 8)) == 0)
                return false;
        }

        return true;
    }

    // The two halves of the hash make any number of places (Kirsch and Mitzenmacher 2006).
    private static ulong Place(ulong hash, int i, int octets) => unchecked((hash & uint.MaxValue) + (ulong)i * (hash >> 32 | 1)) % ((ulong)octets * 8);

    // The finalizer of MurmurHash3: every bit of the key changes about half of the bits of the hash.
    private static ulong Mix(ulong key)
    {
        unchecked
        {
            key = (key ^ key >> 33) * 0xFF51_AFD7_ED55_8CCD;
            key = (key ^ key >> 33) * 0xC4CE_B9FE_1A85_EC53;
            return key ^ key >> 33;
        }
    }
}
