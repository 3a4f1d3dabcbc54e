using System.Collections.Generic;
using System.Linq;
using Flowd.Platform;

namespace Flowd.Monitor;

/// <summary>
/// Looks whether a child is locked in as it should be: by what the child says, and by what the kernel says of it. What the kernel does not have
/// is said once; with `sandbox required` no child goes on without it.
/// </summary>
internal sealed class SandboxGate(ChildLauncher launcher, SystemLog log)
{
    private const int FilterMode = 2; // SECCOMP_MODE_FILTER

    private SandboxLayers _said;

    /// <summary>False if the child must not go on, which has been said.</summary>
    public bool Admit(Child child, bool required)
    {
        if (Contradiction(child) is { } contradiction)
        {
            log.Error($"the {child.Name} is not locked in as it says: {contradiction}");
            return false;
        }

        SandboxLayers lacking = ChildLauncher.Whole & ~child.Layers;
        if (required && lacking != SandboxLayers.None)
        {
            SayRequired(child.Name, lacking);
            return false;
        }

        SandboxLayers missing = launcher.Expected & ~child.Layers;
        if ((missing & ~_said) != SandboxLayers.None)
            log.Warning($"the kernel does not give all of the sandbox; the {child.Name} runs without {missing}");
        _said |= missing;
        child.IsAdmitted = true;
        return true;
    }

    /// <summary>False, which is said, if these settings ask for more than the processes that run have.</summary>
    public bool Allows(Settings settings, IEnumerable<WorkerKeeper> workers)
    {
        SandboxLayers held = workers.Aggregate(settings.ParserLayers, static (held, worker) => held & (worker.Child?.Layers ?? ChildLauncher.Whole));
        SandboxLayers lacking = ChildLauncher.Whole & ~held;
        if (!settings.RequiresSandbox || lacking == SandboxLayers.None)
            return true;
        SayRequired("parser or the worker", lacking);
        return false;
    }

    private void SayRequired(string who, SandboxLayers lacking)
        => log.Error($"the sandbox of the {who} lacks {lacking}, and the configuration says \"sandbox required\"");

    // Null if /proc bears the child out; every thread counts.
    private static string? Contradiction(Child child)
    {
        foreach (ProcessStatus thread in ProcessStatus.OfThreads(child.ProcessId))
        {
            if (child.Layers.HasFlag(SandboxLayers.NoNewPrivileges) && !thread.NoNewPrivs)
                return "a thread may gain privileges";
            if (child.Layers.HasFlag(SandboxLayers.Seccomp) && thread.Seccomp != FilterMode)
                return "a thread has no seccomp filter";
            if (child.Layers.HasFlag(SandboxLayers.User) && (thread.Uid.Contains(0u) || (thread.CapPrm | thread.CapEff) != 0))
                return "a thread has rights of root";
        }

        return null;
    }
}
