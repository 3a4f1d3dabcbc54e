using Flowd.Platform;
using Flowd.Store;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Worker.Logs;

/// <summary>The turns that the monitor's memory is for.</summary>
internal sealed class LogTurns(WriteTurns turns) : ITurns
{
    public void Begin(SafeFileHandle file) => turns.Begin(file);

    public void End() => turns.End();
}
