using System;
using System.IO;
using Flowd.Decode;
using Flowd.Platform;
using Flowd.Receive.Captures;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Worker;

/// <summary>Feeds the pipeline from a capture in the place of sockets.</summary>
internal sealed class CaptureFeed(SafeFileHandle file, string name, SystemLog messages) : IDisposable
{
    private const int DatagramsAtOnce = 64;

    private readonly FileStream _stream = new(file, FileAccess.Read, bufferSize: 0);
    private CaptureReader? _reader;
    private string? _trouble;
    private ulong _datagrams;

    /// <summary>True once there is nothing more to read.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Processes some datagrams.</summary>
    public void Step(Pipeline pipeline)
    {
        try
        {
            _reader ??= new CaptureReader(_stream);
            for (int i = 0; i < DatagramsAtOnce && !IsAtEnd; i++)
            {
                if (_reader.TryRead(out ReceivedDatagram datagram))
                    Process(pipeline, in datagram);
                else
                    IsAtEnd = true;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _trouble = e.Message;
            IsAtEnd = true;
        }
    }

    /// <summary>Says what became of it; true if nothing was bad.</summary>
    public bool Finish(ExporterTable exporters, ulong stored)
    {
        _trouble ??= _reader is { Error: not CaptureError.None } broken ? $"offset {broken.Offset}: {CaptureErrorText.Describe(broken.Error)}" : null;
        if (_trouble is not null)
            messages.Error($"{name}: {_trouble}");
        ulong bad = CountBad(exporters);
        ulong damaged = _reader?.Damaged ?? 0;
        messages.Notice($"{name}: {_reader?.Packets ?? 0} packets, {_datagrams} datagrams, {_reader?.Skipped ?? 0} without one, {damaged} damaged; {stored} flows stored; {bad} errors in datagrams");
        return _trouble is null && bad + damaged == 0;
    }

    public void Dispose() => _stream.Dispose();

    private void Process(Pipeline pipeline, in ReceivedDatagram datagram)
    {
        _datagrams++;
        pipeline.Process(in datagram);
    }

    // Data whose template came in the end are as good as others.
    private static ulong CountBad(ExporterTable exporters)
    {
        ulong bad = 0;
        foreach (DecodeError error in Enum.GetValues<DecodeError>())
            bad += DecodeErrorText.IsHarmless(error) ? 0 : exporters.ErrorCount(error);
        return bad - Math.Min(bad, exporters.Pending.Decoded);
    }
}
