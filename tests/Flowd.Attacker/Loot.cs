using System;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Attacker;

/// <summary>What a worker that was taken over holds.</summary>
internal sealed record Loot(ChannelEnd Monitor, int MonitorId, int Configuration, int Listener, int Log)
{
    public const int Channel = 3;

    /// <summary>The highest descriptor that anything could have.</summary>
    public int Last => Math.Max(Math.Max(Configuration, Listener), Log);

    /// <summary>Behaves until all is there.</summary>
    public static Loot Take(ChannelEnd monitor, int monitorId)
    {
        int configuration = -1;
        int listener = -1;
        while (true)
        {
            (MessageType type, int descriptor) = Next(monitor);
            switch (type)
            {
                case MessageType.BoundConfiguration:
                    configuration = descriptor;
                    break;
                case MessageType.Listener:
                    listener = descriptor;
                    break;
                case MessageType.Apply:
                    monitor.TrySend(new LogRequest(0, 0, 0, default, null));
                    break;
                case MessageType.LogGranted:
                    return new Loot(monitor, monitorId, configuration, listener, descriptor);
            }
        }
    }

    private static (MessageType Type, int Descriptor) Next(ChannelEnd monitor)
    {
        if (monitor.Receive(out Message message, out SafeFileHandle? attached, wait: true) != ChannelStatus.Message)
            throw new InvalidOperationException("the monitor is gone");
        int descriptor = (int)(attached?.DangerousGetHandle() ?? -1);
        attached?.SetHandleAsInvalid(); // it stays open
        return (message.Type, descriptor);
    }
}
