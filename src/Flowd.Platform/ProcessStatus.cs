using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Flowd.Platform;

/// <summary>
/// Who a thread is and what it may do, as the kernel tells others: /proc/PID/task/TID/status, proc(5). The monitor looks at its children with it,
/// because a child says only what it believes of itself.
/// </summary>
public sealed record ProcessStatus
{
    private const int Ids = 4; // real, effective, saved, file system

    private ProcessStatus(int threadId) => ThreadId = threadId;

    public int ThreadId { get; }

    /// <summary>Real, effective, saved, and the one that files are opened with.</summary>
    public IReadOnlyList<uint> Uid { get; private init; } = [];

    /// <summary>The same of the group.</summary>
    public IReadOnlyList<uint> Gid { get; private init; } = [];

    /// <summary>The supplementary groups.</summary>
    public IReadOnlyList<uint> Groups { get; private init; } = [];

    public ulong CapInh { get; private init; }

    public ulong CapPrm { get; private init; }

    public ulong CapEff { get; private init; }

    public ulong CapBnd { get; private init; }

    public ulong CapAmb { get; private init; }

    public bool NoNewPrivs { get; private init; }

    /// <summary>0: none, 1: strict, 2: a filter. 0 as well where the kernel does not say.</summary>
    public int Seccomp { get; private init; }

    /// <summary>The threads of a process; none if it is gone. A thread that ends meanwhile is left out.</summary>
    public static IReadOnlyList<ProcessStatus> OfThreads(int processId)
    {
        try
        {
            return
            [
                .. Directory.GetDirectories($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/task")
                    .Select(TryRead)
                    .OfType<ProcessStatus>(),
            ];
        }
        catch (Exception e) when (IsGone(e))
        {
            return [];
        }
    }

    private static ProcessStatus? TryRead(string directory)
    {
        try
        {
            int thread = int.Parse(Path.GetFileName(directory), CultureInfo.InvariantCulture);
            return TryParse(thread, File.ReadAllLines(Path.Combine(directory, "status")));
        }
        catch (Exception e) when (IsGone(e))
        {
            return null;
        }
    }

    /// <summary>Null if a line is missing that every Linux that we run on has, or is not as proc(5) says.</summary>
    internal static ProcessStatus? TryParse(int threadId, IEnumerable<string> lines)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            string[] parts = line.Split(':', 2);
            fields.TryAdd(parts[0], parts[^1].Trim());
        }

        try
        {
            var status = new ProcessStatus(threadId)
            {
                Uid = Numbers(fields["Uid"]),
                Gid = Numbers(fields["Gid"]),
                Groups = Numbers(fields["Groups"]),
                CapInh = Mask(fields["CapInh"]),
                CapPrm = Mask(fields["CapPrm"]),
                CapEff = Mask(fields["CapEff"]),
                CapBnd = Mask(fields["CapBnd"]),
                CapAmb = Mask(fields["CapAmb"]),
                NoNewPrivs = fields["NoNewPrivs"] == "1",
                Seccomp = int.Parse(fields.GetValueOrDefault("Seccomp", "0"), CultureInfo.InvariantCulture),
            };
            return status.Uid.Count == Ids && status.Gid.Count == Ids ? status : null;
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static uint[] Numbers(string text)
        => [.. text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(word => uint.Parse(word, CultureInfo.InvariantCulture))];

    private static ulong Mask(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    // ESRCH comes as an IOException.
    private static bool IsGone(Exception e) => e is IOException or UnauthorizedAccessException;
}
