using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>A long log of both families with checksums, the ways to damage it, and what must be read of it then.</summary>
internal sealed class DamagedLog
{
    public const int Count = 10_000;

    private const int MostWounds = 8;
    private const int LongestBlock = 64 * 1024;
    private const int LongestPiece = 400; // some records

    /// <param name="make">The record of each number; its octet count is that number, so that no two are alike.</param>
    public DamagedLog(Func<int, FlowRecord> make)
    {
        var octets = new MemoryStream();
        Starts = new int[Count + 1];
        for (int i = 0; i < Count; i++)
        {
            octets.Write(Sample.Write(make(i) with { Octets = (ulong)i }));
            Starts[i + 1] = (int)octets.Length;
        }

        Octets = octets.ToArray();
        _damaged = new byte[Octets.Length + MostWounds * LongestPiece];
    }

    public byte[] Octets { get; }

    /// <summary>Where each record starts, and where the last one ends.</summary>
    public int[] Starts { get; }

    private readonly byte[] _damaged; // used again: at this size each new one would be a costly one
    private readonly bool[] _isTouched = new bool[Count];

    public ReadOnlySpan<byte> Record(int number) => Octets.AsSpan(Starts[number]..Starts[number + 1]);

    /// <summary>Damages a copy in one or some places. What is returned is valid until the next call.</summary>
    public (Stream Damaged, bool[] IsTouched) Damage(Random random)
    {
        int wounds = random.Next(4) == 0 ? random.Next(2, MostWounds + 1) : 1;
        int place = random.Next(Octets.Length);
        var list = new List<Wound>();
        for (int i = 0; i < wounds; i++)
        {
            // Some near to each other: what is between them stands alone.
            list.Add(Wound.Random(random, i > 0 && random.Next(2) == 0 ? Math.Min(Octets.Length - 1, place + random.Next(1000)) : random.Next(Octets.Length)));
        }

        Array.Clear(_isTouched);
        var damaged = new MemoryStream(_damaged);
        int at = 0;
        foreach (Wound wound in list.OrderBy(w => w.At).Where(w => w.At >= at))
        {
            damaged.Write(Octets, at, wound.At - at);
            int removed = Math.Min(wound.Removed, Octets.Length - wound.At);
            wound.Write(damaged, Octets.AsSpan(wound.At, removed), random);
            Touch(wound.At, removed);
            at = wound.At + removed;
        }

        damaged.Write(Octets, at, Octets.Length - at);
        return (new MemoryStream(_damaged, 0, (int)damaged.Position), _isTouched);
    }

    /// <summary>Reads the log and holds each record against what was written: untouched ones in their order, and nothing that never was.</summary>
    public void MustYield(Stream damaged, bool[] isTouched, string what)
    {
        long gaps = 0;
        var reader = new LogReader(damaged, gap => gaps += gap.Length);
        int next = 0;
        long read = 0;
        while (reader.TryRead(out FlowRecord record))
        {
            int number = (int)Math.Min(record.Octets, Count);
            if (number < next || number == Count || !reader.RecordOctets.SequenceEqual(Record(number)))
                Assert.Fail($"{what}: a record that was not written, at {reader.Position}: {Convert.ToHexString(reader.RecordOctets)}");
            for (; next < number; next++)
                MustBeTouched(isTouched, next, what);
            next = number + 1;
            read += reader.RecordOctets.Length;
        }

        for (; next < Count; next++)
            MustBeTouched(isTouched, next, what);
        Assert.Equal(damaged.Length, read + gaps);
    }

    private static void MustBeTouched(bool[] isTouched, int number, string what)
    {
        if (!isTouched[number])
            Assert.Fail($"{what}: lost {number}");
    }

    // An insertion between two records touches neither.
    private void Touch(int at, int removed)
    {
        int first = RecordAt(at);
        if (removed == 0 && Starts[first] == at)
            return;
        for (int number = first; number < Count && Starts[number] < at + Math.Max(removed, 1); number++)
            _isTouched[number] = true;
    }

    private int RecordAt(int offset)
    {
        int found = Array.BinarySearch(Starts, offset);
        return found >= 0 ? found : ~found - 1;
    }

    private enum Kind
    {
        Flip,
        Overwrite,
        Delete,
        Insert,
        Zero,
    }

    /// <summary>One damage: where it begins, and how many octets of the log are replaced by others.</summary>
    private readonly record struct Wound(Kind Kind, int At, int Removed)
    {
        public static Wound Random(Random random, int at)
        {
            var kind = (Kind)random.Next(5);
            int length = random.Next(3) switch
            {
                0 => random.Next(1, 13),
                1 => random.Next(1, LongestPiece),
                _ => random.Next(1, LongestBlock + 1),
            };
            return kind switch
            {
                Kind.Flip => new Wound(kind, at, 1),
                Kind.Insert => new Wound(kind, at, 0),
                _ => new Wound(kind, at, length),
            };
        }

        public void Write(Stream damaged, ReadOnlySpan<byte> removed, Random random)
        {
            switch (Kind)
            {
                case Kind.Flip:
                    damaged.WriteByte((byte)(removed[0] ^ 1 << random.Next(8)));
                    break;
                case Kind.Overwrite:
                    damaged.Write(Junk(removed.Length, random));
                    break;
                case Kind.Insert:
                    damaged.Write(Junk(random.Next(1, random.Next(2) == 0 ? 13 : LongestPiece), random));
                    break;
                case Kind.Zero:
                    damaged.Write(new byte[removed.Length]);
                    break;
                default:
                    break;
            }
        }

        private static byte[] Junk(int length, Random random)
        {
            var junk = new byte[length];
            random.NextBytes(junk);
            return junk;
        }
    }
}
