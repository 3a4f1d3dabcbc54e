using System;
using System.IO;
using Flowd.Records;

namespace Flowd.Reader;

/// <summary>One run over all logs of the command line.</summary>
internal sealed class Session : IDisposable
{
    private readonly Options _options;
    private readonly StandardStreams _streams;
    private readonly Messages _messages;
    private readonly ReaderFilter? _filter;
    private readonly LogFields _stored;
    private readonly Printer _printer;
    private LogSource? _standardInput;
    private LogOutput? _output;
    private bool _outputFailed;

    public Session(Options options, ReaderFilter? filter, StandardStreams streams, Messages messages)
    {
        _options = options;
        _filter = filter;
        _streams = streams;
        _messages = messages;
        _stored = filter?.Stored ?? LogFields.All;
        _printer = new Printer(options, _stored, streams.Output, messages);
    }

    // Nothing is left to do once nobody takes the results.
    private bool IsOver => _outputFailed || (_printer.IsClosed && _output is null);

    /// <summary>Reads everything; the messages know whether all was well.</summary>
    public void Run()
    {
        if (_options.OutputFile is not null && !TryOpenOutput(_options.OutputFile))
            return;
        foreach (string file in _options.Files)
        {
            if (!IsOver)
                Read(file);
        }

        Flush();
        CloseOutput();
        if (_options.Debug)
            _filter?.PrintCounters(_messages);
    }

    private bool TryOpenOutput(string path)
    {
        if (_options.OutputIsStandard && _streams.OutputIsTerminal)
        {
            _messages.Error("Refusing to write binary flow data to standard output.");
            return false;
        }

        try
        {
            _output = _options.OutputIsStandard ? new LogOutput(_streams.Output) : LogOutput.Create(path);
            return true;
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            _messages.Error(path, e);
            return false;
        }
    }

    private void Read(string file)
    {
        try
        {
            // Standard input goes on where an earlier "-" left it, and is not ours to close.
            using Stream? stream = file == Options.StandardStream ? null : Open(file);
            using LogSource? own = stream is null ? null : SourceOf(file, stream);
            Read(file, own ?? (_standardInput ??= SourceOf(file, _streams.Input)));
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            _printer.Flush();
            _messages.Error(file, e);
        }
    }

    public void Dispose() => _standardInput?.Dispose();

    private void Read(string file, LogSource source)
    {
        if (!source.Begin())
            return;
        _printer.BeginLog(file, source.Started);
        ReadRecords(source);
    }

    private static FileStream Open(string file)
        => new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private LogSource SourceOf(string name, Stream stream)
        => new(name, stream.CanSeek ? stream : new FlushingStream(stream, Flush), _options.Legacy, _messages, _printer.Flush);

    private void ReadRecords(LogSource source)
    {
        for (long read = 0; (_options.Head == 0 || read < _options.Head) && !IsOver; read++)
        {
            if (!source.TryRead(out FlowRecord record))
                break;
            if (_filter is not null && !_filter.Accepts(ref record))
                continue;
            _printer.Print(in record);
            Put(in record);
        }
    }

    private void Put(in FlowRecord record)
    {
        try
        {
            _output?.Write(in record, _stored);
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            Fail(e);
        }
    }

    private void Flush()
    {
        _printer.Flush();
        try
        {
            _output?.Flush();
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            Fail(e);
        }
    }

    private void CloseOutput()
    {
        try
        {
            if (_outputFailed)
                _output?.Abandon();
            else
                _output?.Complete();
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            Fail(e);
        }
    }

    private void Fail(Exception exception)
    {
        _outputFailed = true;
        if (!_options.OutputIsStandard || !SystemError.IsBrokenPipe(exception))
            _messages.Error(_options.OutputIsStandard ? "standard output" : _options.OutputFile!, exception);
    }
}
