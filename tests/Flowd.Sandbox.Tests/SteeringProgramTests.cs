using System;
using System.Buffers.Binary;
using Flowd.Platform;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>The program that steers datagrams, run over IP headers, says what <see cref="Share"/> says, of addresses that no test can send from too.</summary>
public sealed class SteeringProgramTests
{
    private const uint IpHeader = 0xFFF00000; // SKF_NET_OFF, linux/filter.h

    [Fact]
    public void The_program_and_its_twin_agree()
    {
        var random = new Random(1);
        byte[] header = new byte[40];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(header);
            bool isIPv6 = random.Next(2) == 0;
            header[0] = (byte)((isIPv6 ? 0x60 : 0x40) | header[0] & 0x0F);
            Address source = isIPv6 ? Address.FromIPv6(header.AsSpan(8)) : Address.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(12)));
            int count = random.Next(1, 65);
            uint index = Run(Steering.Program(count), header);
            Assert.InRange(index, 0u, (uint)count - 1);
            Assert.Equal(Steering.IndexOf(in source, count), (int)index);
            Assert.True(new Share((int)index, count).Has(in source));
        }
    }

    // linux/bpf_common.h; numbers of packets are big-endian.
    private static uint Run(ReadOnlySpan<sock_filter> program, ReadOnlySpan<byte> header)
    {
        uint a = 0, x = 0;
        for (int at = 0; ; at++)
        {
            sock_filter instruction = program[at];
            uint k = instruction.k;
            switch (instruction.code)
            {
                case 0x30: a = header[(int)(k - IpHeader)]; break;
                case 0x20: a = BinaryPrimitives.ReadUInt32BigEndian(header[(int)(k - IpHeader)..]); break;
                case 0x07: x = a; break;
                case 0xAC: a ^= x; break;
                case 0x24: a = unchecked(a * k); break;
                case 0x74: a >>= (int)k; break;
                case 0x15: at += a == k ? instruction.jt : instruction.jf; break;
                case 0x05: at += (int)k; break;
                case 0x16: return a;
                default: throw new InvalidOperationException($"instruction {instruction.code:x}");
            }
        }
    }
}
