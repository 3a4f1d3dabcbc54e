using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using Flowd.Decode;
using Flowd.Platform;
using Flowd.Receive;
using Flowd.Records;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Worker.State;

/// <summary>
/// Takes over what the worker before this one knew of exporters, and leaves it to the next: templates and sampling rates soon after they change,
/// places in sequences with each flush of the log. Without a memory it does nothing.
/// </summary>
/// <param name="decoder">What learns.</param>
/// <param name="messages">Where messages go.</param>
/// <param name="share">Which exporters are this worker's, of those that former ones knew.</param>
public sealed class StateSaver(DatagramDecoder decoder, SystemLog messages, Share share = default) : IDisposable
{
    private const int MemoryLength = 64 << 20; // as the monitor makes it
    private const long LeastMillisecondsBetween = 10;

    /// <summary>Writing takes at most this part of the time, however much there is and however often it changes.</summary>
    private const int CostFactor = 50;

    private readonly List<StateMemory> _former = [];
    private StateMemory? _memory;
    private PositionTable? _positions; // once what is in the memory has been read: until then nothing in it is changed
    private bool _isSuccessor;
    private ulong _savedChange;
    private long _nextSave;

    /// <summary>The monitor's memory. IsSuccessor: a worker of the same monitor has died, so what is in there is of this very moment.</summary>
    public void Attach(SafeFileHandle memory, bool isSuccessor)
    {
        _memory = TryOpen(memory, copy: false);
        _isSuccessor = isSuccessor;
    }

    /// <summary>What one of the workers before this flowd was started has left, of whatever exporters.</summary>
    public void AttachFormer(SafeFileHandle memory)
    {
        if (TryOpen(memory, copy: true) is { } former)
            _former.Add(former);
    }

    /// <summary>
    /// Takes over what there is, about exporters that may send. To be called once, before the first datagram is processed and after the log was
    /// opened, whose length in octets tells what has become of the last flush; -1 if there is none.
    /// </summary>
    public void Load(SourceList sources, long logLength)
    {
        if (_memory is null)
            return;
        foreach (StateMemory former in _former)
            Load(former, new PositionTable(former), isSuccessor: false, logLength: -1, address => sources.Allows(address) && share.Has(in address));
        CloseFormer();
        _positions = new PositionTable(_memory);
        Load(_memory, _positions, _isSuccessor, logLength, address => sources.Allows(address));
        _positions.Clear();
        decoder.Exporters.StreamForgotten = _positions.Forget;
        _positions.BeginFlush(decoder.Exporters.Moved, logLength: -1);
        _positions.EndFlush();
        decoder.Exporters.ClearMoved();
        _savedChange = decoder.Exporters.TemplatesChanged;
    }

    /// <summary>How long the worker may sleep: milliseconds, -1 for ever.</summary>
    public int Patience(long now) => HasNews ? (int)Math.Max(_nextSave - now, 0) : -1;

    /// <summary>Saves what was learnt, if that changed. Milliseconds of Environment.TickCount64.</summary>
    public void SaveIfDue(long now)
    {
        if (!HasNews || now < _nextSave)
            return;
        Save();
        _nextSave = now + Math.Max(LeastMillisecondsBetween, (Environment.TickCount64 - now) * CostFactor);
    }

    /// <summary>The log is about to be written up to that length; -1 if it has none.</summary>
    public void BeginFlush(long logLength)
    {
        if (_positions is null || decoder.Exporters.Moved.Count == 0)
            return;
        _positions.BeginFlush(decoder.Exporters.Moved, logLength);
        decoder.Exporters.ClearMoved();
    }

    /// <summary>All records are written.</summary>
    public void EndFlush() => _positions?.EndFlush();

    /// <summary>Saves everything, at the end of a worker that ends in order.</summary>
    public void Finish(bool isAllWritten)
    {
        if (_positions is null)
            return;
        Save();
        if (isAllWritten)
            _memory!.PutSeal();
    }

    public void Dispose()
    {
        _memory?.Dispose();
        CloseFormer();
    }

    private bool HasNews => _positions is not null && decoder.Exporters.TemplatesChanged != _savedChange;

    private void Save()
    {
        _savedChange = decoder.Exporters.TemplatesChanged;
        _memory!.WriteSnapshot(place => DecoderState.Write(decoder.Exporters, place));
    }

    private StateMemory? TryOpen(SafeFileHandle memory, bool copy)
    {
        try
        {
            return new StateMemory(new SharedMemory(memory, MemoryLength, copy));
        }
        catch (Win32Exception e)
        {
            messages.Warning($"no memory for the state of exporters: {e.Message}");
            memory.Dispose();
            return null;
        }
    }

    private void CloseFormer()
    {
        _former.ForEach(static former => former.Dispose());
        _former.Clear();
    }

    private void Load(StateMemory memory, PositionTable positions, bool isSuccessor, long logLength, Predicate<Address> wants)
    {
        if (!memory.IsNew)
        {
            LoadSnapshot(memory.ReadSnapshot(), wants);
            if (isSuccessor || memory.IsSealed) // a file that the monitor wrote while the worker was running is behind: it would make loss of what is in the log
                LoadPositions(positions.Read(logLength), isSuccessor, wants);
        }

        memory.BreakSeal();
        if (memory.IsDamaged)
            messages.Warning("saved state of exporters: a part is damaged and was ignored");
    }

    private void LoadSnapshot(ReadOnlySpan<byte> snapshot, Predicate<Address> wants)
    {
        if (snapshot.IsEmpty)
            return;
        StateError error = DecoderState.TryRead(snapshot, decoder, wants);
        if (error != StateError.None)
            messages.Warning($"saved state of exporters: {error}; what was good of it is used");
        messages.Info($"templates and rates of {decoder.Exporters.Count} exporters taken over");
    }

    private void LoadPositions(List<Position> positions, bool isSuccessor, Predicate<Address> wants)
    {
        foreach (Position position in positions.OrderBy(position => position.LastSeenSeconds)) // so that the most recently used come last
        {
            if (!wants(position.Exporter))
                continue;
            ulong lost = isSuccessor ? position.Lost : 0; // counters begin anew with flowd, not with the worker
            decoder.Exporters.Restore(position.Exporter, position.Version, position.Domain, position.Next, lost, position.LastSeenSeconds);
        }
    }
}
