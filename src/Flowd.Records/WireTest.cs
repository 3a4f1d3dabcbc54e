using System;
using System.Runtime.CompilerServices;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Records;

/// <summary>
/// A question about a value, asked of many records of one layout without decoding them: all its windows must hold. What a record does not have is 0, or no
/// address, as in <see cref="FlowRecord"/>.
/// </summary>
public struct WireTest
{
    /// <summary>As many records are asked at once.</summary>
    public const int MostRecords = 64;

    private const int MostWindows = 4; // of an IPv6 address

    private const int BitsOfWindow = 32;
    private Windows _windows;

    [InlineArray(MostWindows)]
    private struct Windows
    {
        private WireWindow _first;
    }

    private WireTest(WireWindow window) => Add(window);

    /// <summary>What the answer is for all records of the layout; null if it depends on them.</summary>
    public readonly bool? Answer => Count == 0 ? true : _windows[0].Mask == 0 ? _windows[0].Low == 0 : null;

    /// <summary>How many windows there are.</summary>
    public int Count { get; private set; }

    public readonly WireWindow this[int window] => _windows[window];

    /// <summary>The same answer for all.</summary>
    public static WireTest Always(bool answer) => answer ? default : new WireTest(WireWindow.Never);

    /// <summary>A number of at most 4 octets: low &lt;= (number &amp; mask) &lt;= high.</summary>
    public static WireTest Number(WireLayout layout, RecordValue value, uint mask, uint low, uint high)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return !layout.TryFind(value, out WirePlace place) ? Always(low == 0) : new WireTest(WireWindow.Of(layout, place.Offset, place.Length, mask, low, high));
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
        WireTest test = default;
        for (int bits = 0; bits < network.Length; bits += BitsOfWindow)
        {
            int offset = bits / 8;
            uint mask = uint.MaxValue << Math.Max(0, BitsOfWindow - (network.Length - bits));
            uint wanted = ReadUInt32BigEndian(address[offset..]) & mask;
            test.Add(WireWindow.Of(layout, place.Offset + offset, WireWindow.Length, mask, wanted, wanted));
        }

        return test;
    }

    /// <summary>A bit for each record for which it is true, the lowest for the first.</summary>
    /// <param name="records">At most <see cref="MostRecords"/>, of the layout that the test was made for.</param>
    /// <param name="count">How many there are.</param>
    public readonly ulong Matches(ReadOnlySpan<byte> records, int count)
    {
        Span<uint> column = stackalloc uint[MostRecords];
        int length = records.Length / count;
        ulong matches = ulong.MaxValue;
        for (int i = 0; i < Count && matches != 0; i++)
        {
            _windows[i].Gather(records, length, column[..count]);
            matches &= _windows[i].Matches(column[..WireWindow.RoomOf(count)]);
        }

        return matches;
    }

    private void Add(WireWindow window) => _windows[Count++] = window;
}
