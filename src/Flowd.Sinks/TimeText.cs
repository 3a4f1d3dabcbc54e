using System;
using System.Globalization;

namespace Flowd.Sinks;

/// <summary>
/// Seconds since 1970 as text, in one time zone: "2026-11-23T09:36:25". The records of a log share few seconds, so each second
/// is worked out once and kept.
/// </summary>
public sealed class TimeText(TimeZoneInfo zone)
{
    private const int TimeLength = 19;
    private const int SlotLength = 32;
    private const int Slots = 64; // a power of two; a record has two times, of reception and of export

    private readonly byte[] _texts = new byte[Slots * SlotLength];
    private readonly byte[] _lengths = new byte[Slots];
    private readonly uint[] _seconds = new uint[Slots];

    /// <summary>Local date and time, without a zone, as the original prints it.</summary>
    public ReadOnlySpan<byte> Local(uint seconds) => Find(seconds)[..TimeLength];

    /// <summary>What ISO 8601 wants behind a time: "Z", or how far the zone is ahead then, as "+01:00".</summary>
    public ReadOnlySpan<byte> Offset(uint seconds) => Find(seconds)[TimeLength..];

    private ReadOnlySpan<byte> Find(uint seconds)
    {
        int slot = (int)(seconds % Slots);
        if (_seconds[slot] != seconds || _lengths[slot] == 0)
        {
            _seconds[slot] = seconds;
            _lengths[slot] = Format(seconds, _texts.AsSpan(slot * SlotLength, SlotLength));
        }

        return _texts.AsSpan(slot * SlotLength, _lengths[slot]);
    }

    private byte Format(uint seconds, Span<byte> text)
    {
        DateTime utc = DateTime.UnixEpoch.AddSeconds(seconds);
        TimeSpan ahead = zone.GetUtcOffset(utc);
        utc.Add(ahead).TryFormat(text, out int written, "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        if (ahead == TimeSpan.Zero)
        {
            text[written] = (byte)'Z';
            return (byte)(written + 1);
        }

        text[written] = ahead < TimeSpan.Zero ? (byte)'-' : (byte)'+';
        ahead.Duration().TryFormat(text[(written + 1)..], out int offset, "hh\\:mm", CultureInfo.InvariantCulture);
        return (byte)(written + 1 + offset);
    }
}
