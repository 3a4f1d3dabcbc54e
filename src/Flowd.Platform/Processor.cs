using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Flowd.Platform;

/// <summary>What the processors of this machine can do that not all of their kind can, and that the kernel lets programs use: /proc/cpuinfo, proc(5).</summary>
public static class Processor
{
    private const string CpuInfo = "/proc/cpuinfo";

    // The level that is compiled for, with what copies records from the wire 64 octets at a time: Intel since 2019, AMD since 2022.
    private static readonly string[] OfWide =
    [
        "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "aes", "pclmulqdq",
        "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl", "avx512ifma", "avx512vbmi", "vpclmulqdq",
    ];

    /// <summary>The folder with programs that are compiled for what the processors of this machine can do, beside those that run on any; null if there is none.</summary>
    public static string? WideFolder { get; } = IsWide() ? "x86-64-v4" : null;

    /// <summary>Whether a processor has them all; they are all alike.</summary>
    public static bool Has(IEnumerable<string> features, IEnumerable<string> cpuInfo)
    {
        string flags = cpuInfo.FirstOrDefault(static line => line.StartsWith("flags", StringComparison.Ordinal)) ?? "";
        return features.All(flags.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet().Contains);
    }

    // The first processor is enough: of a machine with many the file is long, and slow to read.
    private static bool IsWide()
    {
        try
        {
            return Has(OfWide, File.ReadLines(CpuInfo));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
