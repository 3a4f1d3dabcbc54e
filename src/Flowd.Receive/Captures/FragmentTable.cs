using System;
using System.Collections.Generic;
using System.Numerics;
using Flowd.Records;

namespace Flowd.Receive.Captures;

/// <summary>
/// Puts packets together that came in fragments, whatever their order. Of octets that come twice the last ones count. Bounded: the oldest that
/// is not complete gives way.
/// </summary>
internal sealed class FragmentTable
{
    private const int MostPackets = 256;
    private const int Largest = 65_535;
    private const int Unit = 8;

    private readonly record struct Key(Address Source, Address Destination, uint Identification, byte Protocol);

    private readonly Dictionary<Key, Pieces> _packets = [];
    private readonly Queue<Key> _byAge = new();

    /// <summary>Packets that were given up with a part missing.</summary>
    public int Incomplete { get; private set; }

    /// <summary>Packets of which parts are still missing.</summary>
    public int Waiting => _packets.Count;

    /// <summary>Takes a fragment; true if its packet is whole now, which is valid until the next call.</summary>
    public bool TryComplete(IpPacket fragment, out ReadOnlySpan<byte> content)
    {
        content = default;
        bool isOdd = fragment.HasMore && fragment.Content.Length % Unit != 0;
        if (isOdd || fragment.Content.Length > Largest - fragment.FragmentOffset)
            return false;
        var key = new Key(fragment.Source, fragment.Destination, fragment.Identification, fragment.Protocol);
        if (!_packets.TryGetValue(key, out Pieces? pieces))
            pieces = Begin(key);
        pieces.Add(fragment);
        if (!pieces.IsWhole)
            return false;
        _packets.Remove(key);
        content = pieces.Content;
        return true;
    }

    private Pieces Begin(Key key)
    {
        while (_packets.Count >= MostPackets && _byAge.TryDequeue(out Key oldest))
            Incomplete += _packets.Remove(oldest) ? 1 : 0;
        while (_byAge.Count >= MostPackets * 2) // most of these are complete
            Requeue();
        var pieces = new Pieces();
        _packets.Add(key, pieces);
        _byAge.Enqueue(key);
        return pieces;
    }

    private void Requeue()
    {
        for (int i = _byAge.Count; i > 0; i--)
        {
            Key key = _byAge.Dequeue();
            if (_packets.ContainsKey(key))
                _byAge.Enqueue(key);
        }
    }

    private sealed class Pieces
    {
        private readonly ulong[] _there = new ulong[(Largest / Unit + 64) / 64]; // a bit for each eight octets
        private byte[] _octets = new byte[4096];
        private int _units;
        private int _length = -1;

        public bool IsWhole => _length >= 0 && _units == (_length + Unit - 1) / Unit;

        public ReadOnlySpan<byte> Content => _octets.AsSpan(0, _length);

        public void Add(IpPacket fragment)
        {
            int end = fragment.FragmentOffset + fragment.Content.Length;
            if (_octets.Length < end)
                Array.Resize(ref _octets, Math.Max(end, Math.Min(_octets.Length * 2, Largest)));
            fragment.Content.CopyTo(_octets.AsSpan(fragment.FragmentOffset));
            if (!fragment.HasMore)
                _length = end;
            for (int unit = fragment.FragmentOffset / Unit; unit < (end + Unit - 1) / Unit; unit++)
                _there[unit / 64] |= 1ul << (unit % 64);
            _units = 0;
            foreach (ulong bits in _there)
                _units += BitOperations.PopCount(bits);
        }
    }
}
