using System;
using System.Buffers.Binary;
using Flowd.Platform;

namespace Flowd.Tests;

/// <summary>What the kernel does with a filter: runs classic BPF over struct seccomp_data (seccomp(2), linux/filter.h).</summary>
internal static class Bpf
{
    private const int DataLength = 64;
    private const int MostInstructions = 4096; // BPF_MAXINSNS

    /// <summary>The verdict on one call; throws where the kernel would refuse to load the program.</summary>
    public static uint Run(ReadOnlySpan<sock_filter> program, uint architecture, uint number, params ReadOnlySpan<ulong> arguments)
    {
        Assert.InRange(program.Length, 1, MostInstructions);
        Span<byte> data = stackalloc byte[DataLength];
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], architecture);
        for (int i = 0; i < arguments.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(data[(16 + 8 * i)..], arguments[i]);

        uint accumulator = 0;
        for (int at = 0; ; at++)
        {
            sock_filter instruction = program[at];
            switch (instruction.code)
            {
                case SeccompFilter.LoadWord:
                    Assert.Equal(0u, instruction.k % 4);
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data[(int)instruction.k..]);
                    break;
                case SeccompFilter.JumpIfEqual:
                    at += accumulator == instruction.k ? instruction.jt : instruction.jf;
                    break;
                case SeccompFilter.JumpIfAtLeast:
                    at += accumulator >= instruction.k ? instruction.jt : instruction.jf;
                    break;
                case SeccompFilter.And:
                    accumulator &= instruction.k;
                    break;
                case SeccompFilter.Return:
                    return instruction.k;
                default:
                    Assert.Fail($"instruction {instruction.code:x} is not one of the filter's");
                    break;
            }
        }
    }
}
