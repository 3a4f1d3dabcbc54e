using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor;

/// <summary>Has a fresh parser process read the configuration file; every error ends up in the log, with its line and column.</summary>
internal sealed class ConfigurationReader(Options options, WorkerLauncher launcher, SystemLog log)
{
    private const long LargestNormalForm = 256 << 20;

    private static readonly TimeSpan LongestParse = TimeSpan.FromSeconds(60);

    /// <summary>The settings, or null if the configuration is wrong, which has been said.</summary>
    public Settings? Read()
    {
        try
        {
            using SafeFileHandle file = Descriptors.OpenForRead(options.File);
            return Read(file);
        }
        catch (Win32Exception e)
        {
            log.Error($"{options.File}: {e.Message}");
            return null;
        }
    }

    private Settings? Read(SafeFileHandle file)
    {
        IEnumerable<string> macros = options.Macros.Select(macro => $"--macro={macro}");
        var settings = new Settings(Descriptors.MemoryFile("flowd.conf"));
        using Child parser = launcher.Start(Party.Parser, [$"--file={options.File}", .. macros]);
        parser.Channel.TrySend(new Message(MessageType.ConfigurationFile), file);
        parser.Channel.TrySend(new Message(MessageType.BoundConfiguration), settings.Bound);

        bool isGood = Collect(parser.Channel, settings) && IsOfReasonableSize(settings.Bound);
        parser.Process.WaitForExit(TimeSpan.Zero);
        if (isGood)
        {
            Descriptors.Seal(settings.Bound);
            return settings;
        }

        settings.Dispose();
        return null;
    }

    // True once the parser said that the configuration is good.
    private bool Collect(ChannelEnd parser, Settings settings)
    {
        var poller = new Poller();
        poller.Add(parser.Handle);
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < LongestParse;)
        {
            if (!poller.Wait(1000))
                continue;
            ChannelStatus status = parser.Receive(out Setting setting, out SafeFileHandle? _);
            if (status == ChannelStatus.Empty)
                continue;
            if (status != ChannelStatus.Message)
            {
                log.Error($"{options.File}: the parser broke off{(parser.Violation == MessageError.None ? "" : $": {parser.Violation}")}");
                return false;
            }

            if (setting.Type == MessageType.Parsed)
                return setting.Number == 1;
            if (setting.Type == MessageType.Diagnostic)
                log.Write(setting.Number == (uint)LogLevel.Error ? LogLevel.Error : LogLevel.Warning, setting.Text);
            else if (!settings.TryTake(in setting))
                return Refuse(setting);
        }

        log.Error($"{options.File}: reading it takes too long");
        return false;
    }

    private bool IsOfReasonableSize(SafeFileHandle bound)
    {
        if (RandomAccess.GetLength(bound) <= LargestNormalForm)
            return true;
        log.Error($"{options.File}: its normal form is longer than {LargestNormalForm} octets");
        return false;
    }

    private bool Refuse(Setting setting)
    {
        log.Error($"{options.File}: too many settings of the kind {setting.Type}, or an empty one");
        return false;
    }
}
