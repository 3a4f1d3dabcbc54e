using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;

namespace Flowd.Platform;

/// <summary>
/// The threads of a process that has not started any: the main thread, and the one on which the runtime runs finalizers. Rights belong to threads,
/// so what one gives up the other must give up as well; it is reached by a finalizer.
/// </summary>
internal sealed class ProcessThreads
{
    private const string Tasks = "/proc/self/task";
    private const int MostTries = 10;

    private readonly int _finalizer;

    private ProcessThreads(int finalizer) => _finalizer = finalizer;

    /// <summary>Throws <see cref="InvalidOperationException"/> if there is a thread that is neither of the two. Needs /proc.</summary>
    public static ProcessThreads Find()
    {
        int finalizer = 0;
        RunOnFinalizer(() => finalizer = Libc.gettid());
        HashSet<int> known = [Libc.gettid(), finalizer];
        int[] all = [.. Directory.GetDirectories(Tasks).Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))];
        return known.SetEquals(all)
            ? new ProcessThreads(finalizer)
            : throw new InvalidOperationException($"threads {string.Join(", ", all)} instead of {string.Join(", ", known)}: some would stay outside of the sandbox");
    }

    /// <summary>Runs <paramref name="step"/> on each thread; throws what it throws on any.</summary>
    public void OnEach(Action step)
    {
        step();
        RunOnFinalizer(() =>
        {
            if (Libc.gettid() != _finalizer)
                throw new InvalidOperationException("finalizers have changed their thread");
            step();
        });
    }

    private static void RunOnFinalizer(Action step)
    {
        var outcome = new Outcome();
        for (int i = 0; i < MostTries && !outcome.IsDone; i++)
        {
            Abandon(step, outcome);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        if (outcome.Error is Win32Exception error)
            throw new Win32Exception(error.NativeErrorCode, error.Message + " (finalizer thread)");
        if (outcome.Error is not null || !outcome.IsDone)
            throw new InvalidOperationException("the finalizer thread cannot be locked in", outcome.Error);
    }

    // In a method of its own, so that no reference is left on the stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abandon(Action step, Outcome outcome) => _ = new Errand(step, outcome);

    private sealed class Outcome
    {
        public bool IsDone { get; set; }

        public Exception? Error { get; set; }
    }

    private sealed class Errand(Action step, Outcome outcome)
    {
        ~Errand()
        {
            if (outcome.IsDone) // an earlier try came late
                return;
            try
            {
                step();
            }
#pragma warning disable CA1031 // it is thrown again on the main thread
            catch (Exception e)
#pragma warning restore CA1031
            {
                outcome.Error = e;
            }

            outcome.IsDone = true;
        }
    }
}
