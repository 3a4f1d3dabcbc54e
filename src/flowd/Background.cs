using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Text;
using Flowd.Platform;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor;

/// <summary>
/// Leaving the terminal, in place of daemon(3): .NET cannot fork, so flowd starts itself again in a session of its own, and the first process
/// waits until the second is ready or has said what is wrong.
/// </summary>
internal sealed class Background : IDisposable
{
    private const int LongestMessage = 4096;

    /// <summary>The message that stands for "ready"; everything else is text to print.</summary>
    private static ReadOnlySpan<byte> ReadyMessage => [0];

    private MessageChannel? _launcher = MessageChannel.OfChild();

    /// <summary>The first process: exit status 0 once the daemon receives, else 1.</summary>
    public static int Launch(string[] arguments)
    {
        (MessageChannel parent, MessageChannel child) = MessageChannel.Pair();
        using (parent)
        {
            using (child)
            {
                List<string> command = ["flowd", Options.BackgroundMark, .. arguments];
                var daemon = new ChildOptions { TakesSignals = true, Silent = true, WholeEnvironment = true };
                ChildProcess.Start(Environment.ProcessPath!, command, child, daemon);
            }

            byte[] buffer = new byte[LongestMessage];
            while (parent.Receive(buffer, out int length, out SafeFileHandle? attached, wait: true) == ChannelStatus.Message)
            {
                attached?.Dispose();
                if (buffer.AsSpan(0, length).SequenceEqual(ReadyMessage))
                    return 0;
                Descriptors.WriteStandardError(buffer.AsSpan(0, length));
            }

            return 1;
        }
    }

    /// <summary>
    /// The second process: it keeps no folder busy, so the path of the configuration becomes absolute, and standard error becomes a socket to
    /// syslogd, if there is one.
    /// </summary>
    public static Background Enter(Options options)
    {
        options.File = Path.GetFullPath(options.File);
        Environment.CurrentDirectory = "/";
        var background = new Background();
        try
        {
            using SafeFileHandle syslog = DatagramSocket.ConnectUnix("/dev/log", 0);
            Descriptors.ReplaceStandardError(syslog);
        }
        catch (Win32Exception e)
        {
            background.Tell(LogLevel.Warning, $"no system log, messages are lost: /dev/log: {e.Message}");
        }

        return background;
    }

    /// <summary>Until the daemon is ready, what goes wrong is also told to who started it.</summary>
    public void Tell(LogLevel level, string message)
    {
        if (level > LogLevel.Warning || _launcher is null)
            return;
        ReadOnlySpan<byte> text = Encoding.UTF8.GetBytes(message + "\n");
        _ = _launcher.Send(text[..Math.Min(text.Length, LongestMessage)]);
    }

    public void Ready()
    {
        _ = _launcher?.Send(ReadyMessage);
        Dispose();
    }

    public void Dispose()
    {
        _launcher?.Dispose();
        _launcher = null;
    }
}
