using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor;

/// <summary>
/// Has a fresh parser process read the configuration file, while the monitor goes on with its life. Every error ends up in the log, with its
/// line and column.
/// </summary>
internal sealed class ParserJob(Options options, ChildLauncher launcher, SystemLog log) : IWatched, IDisposable
{
    private const long LargestNormalForm = 256 << 20;
    private const long LargestTables = 1L << 30;

    /// <summary>More files than any configuration may name.</summary>
    private const int MostFiles = 1024;

    private const long MillisecondsToParse = 60_000;

    /// <summary>More than anybody reads; a parser that was taken over must not fill the log.</summary>
    private const int MostDiagnostics = 1000;

    private Action<Settings?> _whenDone = _ => { };
    private Settings? _settings;
    private long _deadline;
    private int _diagnostics;
    private int _files;

    /// <summary>The parser while there is one.</summary>
    public Child? Child { get; private set; }

    public bool IsRunning => Child is not null;

    public long NextTick => IsRunning ? Math.Min(_deadline, Child!.NextTick) : long.MaxValue;

    /// <summary>
    /// Starts, and calls <paramref name="whenDone"/> in the end: with settings, which are its to dispose, or with null if the configuration is
    /// wrong, which has been said.
    /// </summary>
    public void Start(Action<Settings?> whenDone)
    {
        _whenDone = whenDone;
        try
        {
            using SafeFileHandle file = Descriptors.OpenForRead(options.File);
            IEnumerable<string> macros = options.Macros.Select(macro => $"--macro={macro}");
            Child = launcher.Start(Party.Parser, [$"--file={options.File}", .. macros]);
            _settings = new Settings(Descriptors.MemoryFile("flowd.conf"), Descriptors.MemoryFile("flowd.tables"));
            _deadline = Environment.TickCount64 + MillisecondsToParse;
            _diagnostics = _files = 0;
            Child.Tell(new Message(MessageType.ConfigurationFile), file);
            Child.Tell(new Message(MessageType.BoundConfiguration), _settings.Bound);
            Child.Tell(new Message(MessageType.TableContent), _settings.Tables);
        }
        catch (Win32Exception e)
        {
            Fail(e.Message);
        }
    }

    /// <summary>Starts and waits for the result, for who has nothing else to do.</summary>
    public Settings? Run()
    {
        Settings? result = null;
        Start(settings => result = settings);
        var poller = new Poller();
        while (Child is { } parser)
        {
            poller.Clear();
            poller.Add(parser.Channel.Handle, parser.HasUnsent);
            if (poller.Wait((int)Math.Clamp(NextTick - Environment.TickCount64, 0, int.MaxValue)))
                Serve();
            Tick(Environment.TickCount64);
        }

        return result;
    }

    public void Serve()
    {
        Child!.SendRest();
        ChannelStatus status = Child.Channel.Receive(out Setting setting, out SafeFileHandle? _);
        if (status == ChannelStatus.Message)
            Take(in setting);
        else if (status != ChannelStatus.Empty)
            Fail($"the parser broke off{(Child.Channel.Violation == MessageError.None ? "" : $": {Child.Channel.Violation}")}");
    }

    public void Tick(long now)
    {
        if (now >= NextTick)
            Fail("reading it takes too long");
    }

    public void Dispose()
    {
        _whenDone = _ => { };
        End(isGood: false);
    }

    private void Take(in Setting setting)
    {
        switch (setting.Type)
        {
            case MessageType.Parsed:
                bool isGood = setting.Number == 1 && _settings!.AreLogsGood
                    && IsOfReasonableSize(_settings.Bound, LargestNormalForm, "normal form") && IsOfReasonableSize(_settings.Tables, LargestTables, "content of tables");
                End(isGood);
                break;
            case MessageType.FileWanted when ++_files > MostFiles:
                Fail("it names too many files");
                break;
            case MessageType.FileWanted:
                Grant(setting.Text);
                break;
            case MessageType.Sandboxed:
                _settings!.ParserLayers = Child!.Layers = (SandboxLayers)setting.Number;
                break;
            case MessageType.Diagnostic when ++_diagnostics > MostDiagnostics:
                Fail("too many errors to name them all");
                break;
            case MessageType.Diagnostic:
                log.Write(setting.Number == (uint)LogLevel.Error ? LogLevel.Error : LogLevel.Warning, setting.Text);
                break;
            default:
                if (!_settings!.TryTake(in setting))
                    Fail($"too many settings of the kind {setting.Type}, or an empty one");
                break;
        }
    }

    // The parser may see what the one who started flowd may see: it is his configuration.
    private void Grant(string path)
    {
        try
        {
            using SafeFileHandle file = Descriptors.OpenFile(path);
            Child!.Tell(new Message(MessageType.FileGranted), file);
        }
        catch (Win32Exception e)
        {
            Child!.Tell(new Message(MessageType.FileRefused, (uint)e.NativeErrorCode));
        }
    }

    private bool IsOfReasonableSize(SafeFileHandle file, long most, string what)
    {
        if (RandomAccess.GetLength(file) <= most)
            return true;
        log.Error($"{options.File}: its {what} is longer than {most} octets");
        return false;
    }

    // It fails if the parser has sealed a file so that nobody can any more.
    private bool TrySeal(Settings settings)
    {
        try
        {
            Descriptors.Seal(settings.Bound);
            Descriptors.Seal(settings.Tables);
            return true;
        }
        catch (Win32Exception e)
        {
            log.Error($"{options.File}: what the parser made of it: {e.Message}");
            return false;
        }
    }

    private void Fail(string reason)
    {
        log.Error($"{options.File}: {reason}");
        End(isGood: false);
    }

    private void End(bool isGood)
    {
        Child?.Kill(); // whatever it has to say after its last word, nobody listens
        Child?.WaitForEnd();
        Child?.Dispose();
        Child = null;
        Settings? settings = _settings;
        _settings = null;
        if (isGood && TrySeal(settings!))
        {
            _whenDone(settings);
            return;
        }

        settings?.Dispose();
        _whenDone(null);
    }
}
