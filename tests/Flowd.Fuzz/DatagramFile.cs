using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;

namespace Flowd.Fuzz;

/// <summary>Some datagrams in a file, each behind its length of 16 bits; what is left at the end is one more.</summary>
internal static class DatagramFile
{
    private const uint FirstSecond = 1_700_000_001;
    private const int MostDatagrams = 64;

    public static void Check(Checker checker, ReadOnlySpan<byte> file)
    {
        uint seconds = FirstSecond;
        for (int i = 0; i < MostDatagrams && BinaryPrimitives.TryReadUInt16BigEndian(file, out ushort length); i++, seconds++)
        {
            file = file[sizeof(ushort)..];
            int taken = Math.Min(length, file.Length);
            checker.Check(file[..taken], exporter: 1, seconds);
            file = file[taken..];
        }
    }

    public static void Write(string path, IEnumerable<byte[]> datagrams)
    {
        using FileStream file = File.Create(path);
        byte[] length = new byte[sizeof(ushort)];
        foreach (byte[] datagram in datagrams)
        {
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)datagram.Length);
            file.Write(length);
            file.Write(datagram);
        }
    }
}
