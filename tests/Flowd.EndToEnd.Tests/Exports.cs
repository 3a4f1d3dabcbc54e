using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;

namespace Flowd.Tests;

/// <summary>The sample exports of examples/export, one datagram each, and a few made to measure.</summary>
internal static class Exports
{
    public static readonly byte[] NetFlow1 = Load("netflow1");
    public static readonly byte[] NetFlow5 = Load("netflow5");
    public static readonly byte[] NetFlow7 = Load("netflow7");
    public static readonly byte[] NetFlow9 = Load("netflow9");
    public static readonly byte[] Ipfix = Load("ipfix");

    /// <summary>The data set of <see cref="NetFlow9"/> alone, behind its header of 20 octets; the template takes 56.</summary>
    public static readonly byte[] NetFlow9Data = [.. NetFlow9[..20], .. NetFlow9[76..]];

    /// <summary>A NetFlow v5 datagram of one record; the sequence number tells it from others.</summary>
    public static byte[] Numbered(uint sequence)
    {
        byte[] datagram = NetFlow5[..72];
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), 1);
        BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(16), sequence);
        return datagram;
    }

    private static byte[] Load(string name)
        => Hex.Parse([.. File.ReadLines(Path.Combine(SharedData.RepositoryRoot, "examples", "export", name + ".hex")).Select(line => line.Split('#')[0])]);
}
