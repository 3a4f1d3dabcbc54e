using System;
using System.Collections.Generic;

namespace Flowd.Records;

/// <summary>What one datagram told beside flows; reused for each. Bounded: what does not fit is counted.</summary>
public sealed class NoteBatch
{
    private const int MostNotes = 4096;
    private const int MostOctets = 256 * 1024;

    private readonly List<ExporterNote> _notes = [];
    private byte[] _octets = []; // few ask for it
    private int _length;

    public IReadOnlyList<ExporterNote> Notes => _notes;

    /// <summary>Notes that found no room, since the start.</summary>
    public ulong Dropped { get; private set; }

    public ReadOnlySpan<byte> OctetsOf(in ExporterNote note) => _octets.AsSpan(note.Offset, note.Length);

    public void Clear()
    {
        _notes.Clear();
        _length = 0;
    }

    /// <summary>Room for the octets of one note, which <see cref="Add"/> then makes its own; false if there is none.</summary>
    public bool TryReserve(int length, out Span<byte> room)
    {
        room = default;
        if (_notes.Count == MostNotes || _length + length > MostOctets)
        {
            Dropped++;
            return false;
        }

        if (_octets.Length == 0)
            _octets = new byte[MostOctets];
        room = _octets.AsSpan(_length, length);
        return true;
    }

    /// <summary>Adds a note, of which Offset is still to be set.</summary>
    public void Add(in ExporterNote note)
    {
        _notes.Add(note with { Offset = _length });
        _length += note.Length;
    }
}
