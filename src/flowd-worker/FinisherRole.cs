using System;
using System.IO;
using Flowd.Platform;
using Flowd.Privsep;
using Flowd.Store;
using Microsoft.Win32.SafeHandles;

namespace Flowd.WorkerProcess;

/// <summary>Mends one log, and if it is to be, writes it once more into blocks of a better size; then ends.</summary>
internal sealed class FinisherRole(ChannelEnd monitor, SystemLog log)
{
    public int Run()
    {
        using SafeFileHandle source = Expect(MessageType.FinishSource, out uint level);
        LogEncoding encoding = level > 0 ? LogEncoding.Zstd : LogEncoding.Plain;
        bool isDone = IsMended(LogTail.RepairAny(source, encoding));
        if (level > 0)
        {
            using SafeFileHandle target = Expect(MessageType.FinishTarget, out uint _);
            isDone &= isDone && IsCompressed(source, target, (int)level);
        }

        monitor.TrySend(new Message(MessageType.Finished, isDone ? 0u : 1u));
        return 0;
    }

    private bool IsMended(LogOpenResult result)
    {
        if (result.Length > 0)
            log.Warning($"torn record of {result.Length} octets at offset {result.Offset} removed from a log that was left behind");
        if (!result.Succeeded)
            log.Warning($"a log that cannot be finished: {result.Detail ?? LogErrorText.Describe(result.Error)}");
        return result.Succeeded;
    }

    private bool IsCompressed(SafeFileHandle source, SafeFileHandle target, int level)
    {
        try
        {
            CompactResult result = LogCompactor.Compact(source, target, level);
            RandomAccess.FlushToDisk(target);
            return result.Gaps == 0; // damage is for who reads it to see
        }
        catch (Exception e) when (DiskTrouble.Is(e))
        {
            log.Warning($"a log cannot be compressed once more: {DiskTrouble.Describe(e)}");
            return false;
        }
    }

    private SafeFileHandle Expect(MessageType type, out uint argument)
    {
        ChannelStatus status = monitor.Receive(out Message message, out SafeFileHandle? attached, wait: true);
        argument = message.Argument;
        return status == ChannelStatus.Message && message.Type == type
            ? attached!
            : throw new InvalidOperationException($"the monitor did not send {type}");
    }
}
