using System;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Records;

/// <summary>
/// A question about a value, asked of many records of one layout without decoding them: all its windows must hold. What a record does not have is 0, or no
/// address, as in <see cref="FlowRecord"/>.
/// </summary>
public readonly struct WireTest
{
    /// <summary>As many records are asked at once.</summary>
    public const int MostRecords = 64;

    private const int MostWindows = 4; // of an IPv6 address

    private const int BitsOfWindow = 32;
    private readonly WireWindow _first;
    private readonly WireWindow _second;
    private readonly WireWindow _third;
    private readonly WireWindow _fourth;

    private WireTest(ReadOnlySpan<WireWindow> windows)
    {
        Count = windows.Length;
        _first = windows.Length > 0 ? windows[0] : default;
        _second = windows.Length > 1 ? windows[1] : default;
        _third = windows.Length > 2 ? windows[2] : default;
        _fourth = windows.Length > 3 ? windows[3] : default;
    }

    /// <summary>What the answer is for all records of the layout; null if it depends on them.</summary>
    public bool? Answer => Count == 0 ? true : _first.Mask == 0 ? _first.Low == 0 : null;

    /// <summary>How many windows there are.</summary>
    public int Count { get; }

    public WireWindow this[int window] => window switch { 0 => _first, 1 => _second, 2 => _third, _ => _fourth };

    /// <summary>The same answer for all.</summary>
    public static WireTest Always(bool answer) => answer ? default : new WireTest([WireWindow.Never]);

    /// <summary>A number of at most 4 octets: low &lt;= (number &amp; mask) &lt;= high.</summary>
    public static WireTest Number(WireLayout layout, RecordValue value, uint mask, uint low, uint high)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return !layout.TryFind(value, out WirePlace place) ? Always(low == 0) : new WireTest([WireWindow.Of(layout, place.Offset, place.Length, mask, low, high)]);
    }

    /// <summary>The address is in the network.</summary>
    public static WireTest Network(WireLayout layout, RecordValue value, Prefix network)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (network.IsAny)
            return Always(true);
        Span<byte> address = stackalloc byte[MostWindows * WireWindow.Length];
        if (!layout.TryFind(value, out WirePlace place) || place.Length != network.Address.Write(address))
            return Always(false);
        Span<WireWindow> windows = stackalloc WireWindow[MostWindows];
        int count = 0;
        for (int bits = 0; bits < network.Length; bits += BitsOfWindow)
        {
            int offset = bits / 8;
            uint mask = uint.MaxValue << Math.Max(0, BitsOfWindow - (network.Length - bits));
            uint wanted = ReadUInt32BigEndian(address[offset..]) & mask;
            windows[count++] = WireWindow.Of(layout, place.Offset + offset, WireWindow.Length, mask, wanted, wanted);
        }

        return new WireTest(windows[..count]);
    }

    /// <summary>A bit for each record for which it is true, the lowest for the first.</summary>
    /// <param name="records">At most <see cref="MostRecords"/>, of the layout that the test was made for.</param>
    /// <param name="count">How many there are.</param>
    public ulong Matches(ReadOnlySpan<byte> records, int count)
    {
        Span<uint> column = stackalloc uint[MostRecords];
        int length = records.Length / count;
        ulong matches = ulong.MaxValue;
        for (int i = 0; i < Count && matches != 0; i++)
        {
            this[i].Gather(records, length, column[..count]);
            matches &= this[i].Matches(column[..WireWindow.RoomOf(count)]);
        }

        return matches;
    }
}
