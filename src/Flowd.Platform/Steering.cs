using Flowd.Records;

namespace Flowd.Platform;

/// <summary>
/// Which of several sockets takes the datagrams of an exporter: a number out of its address, here and, in classic BPF, in the kernel
/// (SO_ATTACH_REUSEPORT_CBPF, socket(7)). Not out of the port: exporters change that.
/// </summary>
internal static class Steering
{
    /// <summary>2^32 / golden ratio: multiples of it spread evenly, those of addresses in sequence above all (Knuth, volume 3, section 6.4).</summary>
    private const uint Factor = 0x9E3779B1;

    private const int Half = 16;

    // linux/filter.h and linux/bpf_common.h
    private const uint IpHeader = 0xFFF00000; // SKF_NET_OFF
    private const ushort LoadOctet = 0x30;    // BPF_LD | BPF_B | BPF_ABS
    private const ushort LoadWord = 0x20;     // BPF_LD | BPF_W | BPF_ABS
    private const ushort CopyToX = 0x07;      // BPF_MISC | BPF_TAX
    private const ushort XorX = 0xAC;         // BPF_ALU | BPF_XOR | BPF_X
    private const ushort Multiply = 0x24;     // BPF_ALU | BPF_MUL | BPF_K
    private const ushort ShiftRight = 0x74;   // BPF_ALU | BPF_RSH | BPF_K
    private const ushort JumpIfEqual = 0x15;  // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort Jump = 0x05;         // BPF_JMP | BPF_JA
    private const ushort ReturnA = 0x16;      // BPF_RET | BPF_A

    /// <summary>0 to <paramref name="count"/> - 1, at most 65536.</summary>
    public static int IndexOf(in Address exporter, int count)
    {
        var word = unchecked((uint)(exporter.High >> 32 ^ exporter.High ^ exporter.Low >> 32 ^ exporter.Low));
        return (int)((unchecked(word * Factor) >> Half) * (uint)count >> Half);
    }

    /// <summary>The same as a program that the kernel runs for each datagram.</summary>
    public static sock_filter[] Program(int count) =>
    [
        new(LoadOctet, 0, 0, IpHeader), // version and header length
        new(ShiftRight, 0, 0, 4),
        new(JumpIfEqual, 2, 0, 6),
        new(LoadWord, 0, 0, IpHeader + 12), // source address, RFC 791
        new(Jump, 0, 0, 10),
        new(LoadWord, 0, 0, IpHeader + 8), // source address, RFC 8200
        new(CopyToX, 0, 0, 0),
        new(LoadWord, 0, 0, IpHeader + 12),
        new(XorX, 0, 0, 0),
        new(CopyToX, 0, 0, 0),
        new(LoadWord, 0, 0, IpHeader + 16),
        new(XorX, 0, 0, 0),
        new(CopyToX, 0, 0, 0),
        new(LoadWord, 0, 0, IpHeader + 20),
        new(XorX, 0, 0, 0),
        new(Multiply, 0, 0, Factor),
        new(ShiftRight, 0, 0, Half),
        new(Multiply, 0, 0, (uint)count),
        new(ShiftRight, 0, 0, Half),
        new(ReturnA, 0, 0, 0),
    ];
}
