using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Flowd.Reader;

/// <summary>One run over all logs of the command line, one after the other.</summary>
internal sealed class Session : IDisposable
{
    private readonly Options _options;
    private readonly StandardStreams _streams;
    private readonly Messages _messages;
    private readonly Selection _selection;
    private readonly Printer _printer;
    private LogSource? _standardInput;
    private LogOutput? _output;
    private ProgressBar? _progress;
    private BatchSession? _batches;

    public Session(Options options, Selection selection, StandardStreams streams, Messages messages)
    {
        _options = options;
        _selection = selection;
        _streams = streams;
        _messages = messages;
        _printer = new Printer(options, selection.Stored, streams.Output, messages);
    }

    /// <summary>Reads everything; the messages know whether all was well.</summary>
    public void Run()
    {
        if (_options.Target is not null && !TryOpenOutput(_options.Target))
            return;
        var run = new LogRun(_options, _selection, _printer, _output, _messages);
        if (BatchSession.Suits(_options))
            _batches = new BatchSession(_options, _options.Jobs, _selection, run, _printer, _output is not null, _messages);
        if (_options.Follows)
            new Follower(_options, run, _messages).Run();
        else
            ReadAll(run, LogPaths.Of(_options.Files, _messages));
        run.Flush();
        CloseOutput(run);
        if (_options.Debug)
            _selection.Filter?.PrintCounters(_messages);
    }

    public void Dispose()
    {
        _progress?.Dispose();
        _batches?.Dispose();
        _standardInput?.Dispose();
    }

    private void ReadAll(LogRun run, List<string> paths)
    {
        if (_options.ShowsProgress && _streams.ErrorIsTerminal)
            _progress = new ProgressBar(_streams.Error, paths.Sum(LengthOf));
        LogSummary total = LogSummary.Empty;
        if (_options.Jobs > 1 && paths.Count > 1 && !paths.Contains(Options.StandardStream))
            new ParallelSession(_options, _selection, _progress, _printer, _output, _messages).Read(paths, run, total);
        else
            Read(paths, run, total);
        if (_options.Checks && paths.Count > 1)
            _printer.Print(total.Describe(null, _printer.Time));
        _progress?.Dispose();
        _progress = null;
    }

    private void Read(List<string> paths, LogRun run, LogSummary total)
    {
        foreach (string path in paths)
        {
            if (run.IsOver)
                return;
            Read(path, run, total);
        }
    }

    private void Read(string path, LogRun run, LogSummary total)
    {
        try
        {
            // Standard input goes on where an earlier "-" left it, and is not ours to close.
            using Stream? stream = path == Options.StandardStream ? null : Open(path, _progress);
            using LogSource? own = stream is null ? null : SourceOf(path, stream);
            Action<LogSource> readOn = _batches is not null && own is not null && BatchSession.Suits(own, stream!) ? _batches.Read : run.ReadOn;
            if (run.Read(path, own ?? (_standardInput ??= SourceOf(path, _streams.Input)), readOn) && _options.Checks)
                _printer.Print(run.Summary.Describe(path, _printer.Time));
            total.Add(run.Summary);
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            _printer.Flush();
            _messages.Error(path, e);
        }
    }

    /// <summary>Opens a log; a bar is told how far it is read.</summary>
    public static Stream Open(string path, ProgressBar? progress)
    {
        FileStream file = LogPaths.Open(path);
        return progress is null ? file : new CountingStream(file, progress.Add);
    }

    private LogSource SourceOf(string name, Stream stream)
        => new(name, stream.CanSeek ? stream : new FlushingStream(stream, Flush), _options.Legacy, _selection.Logs, _messages, _printer.Flush);

    private bool TryOpenOutput(string path)
    {
        if (_options.TargetIsStandard && _streams.OutputIsTerminal)
        {
            _messages.Error("Refusing to write binary flow data to standard output.");
            return false;
        }

        try
        {
            _output = _options.TargetIsStandard ? new LogOutput(_streams.Output) : LogOutput.Create(path);
            return true;
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            _messages.Error(path, e);
            return false;
        }
    }

    // Before a read that may wait.
    private void Flush()
    {
        _printer.Flush();
        try
        {
            _output?.Flush();
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            // it will be said when there is more to write, or at the end
        }
    }

    private void CloseOutput(LogRun run)
    {
        try
        {
            if (run.OutputFailed)
                _output?.Abandon();
            else
                _output?.Complete();
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            run.Fail(e);
        }
    }

    private static long LengthOf(string path) => path != Options.StandardStream && File.Exists(path) ? new FileInfo(path).Length : 0;
}
