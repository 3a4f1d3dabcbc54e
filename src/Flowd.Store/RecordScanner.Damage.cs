using System;

namespace Flowd.Store;

/// <summary>
/// Where to go on after damage. Exporters choose much of what a record holds, so a record may have inside it what looks like another, even
/// with a checksum; and damage may leave such a thing where a record should begin. The rules, of which each costs no more than a look at the
/// next few thousand octets:
/// <list type="bullet">
/// <item>A damaged record whose header is whole ends where it says, if the log goes on there; unless records with checksums begin inside it
/// and lead to that end exactly, for then a part of it is missing, and they are what followed it.</item>
/// <item>Else each octet may be a start. A record with a checksum is believed if it is no shorter than any before, or records go on
/// behind it for longer than one record can be, or to the end of the log, but that not inside a record that was cut off there.</item>
/// <item>One without a checksum is believed in the same way, if it holds something, is of a version that we know, and no record with
/// a checksum begins inside it or at its end. When the last record had a checksum, nothing but many without one are believed.</item>
/// <item>Without damage before it a record is a record; but behind the first without a checksum the log must go on or end: a header of which the
/// end was zeroed looks like a record of nothing.</item>
/// </list>
/// </summary>
internal sealed partial class RecordScanner
{
    // Little for a record (of 3.0, all but AGENT_INFO are 104 octets), and enough to be proof against what fits into two addresses.
    private const int ShortAtFirst = 96;

    private int _shortest = ShortAtFirst;
    private bool? _lastIsChecked;

    // Between these offsets no record with a checksum begins.
    private long _clearFrom;
    private long _clearTo;

    // What stands here if the record before it was whole.
    private LogError CheckInStep(out int length)
    {
        LogError error = CheckAt(0, out length);
        if (error != LogError.None || _lastIsChecked != true || !format.ResumesUnchecked || format.IsChecked(Rest))
            return error;
        LogError behind = CheckAt(length, out _);
        if (behind is LogError.None or LogError.EndOfLog || (behind == LogError.Truncated && HoldsSomething(0)))
            return LogError.None;
        length = 0;
        return LogError.ChecksumMissing;
    }

    // Skips to the next true record, or to the end, and reports what was skipped.
    private LogError Resynchronise(LogError cause, ref int length)
    {
        long from = Offset;
        if (GoesOnAt(length))
            Skip(StartOfRun(length));
        else
            SkipToBelievable(isTorn: cause == LogError.Truncated);

        LogError error = CheckAt(0, out length);
        Gaps++;
        onGap?.Invoke(new LogGap(from, Offset - from, cause));
        return error;
    }

    private bool GoesOnAt(int claimed) => claimed > 0 && CheckAt(claimed, out int length) switch
    {
        LogError.EndOfLog => true,
        LogError.None => !format.ResumesUnchecked || IsBelievable(claimed, length, isTorn: false),
        _ => false,
    };

    // Where the first of the records begins that lead to the end given, itself if there are none.
    private int StartOfRun(int end)
    {
        for (int start = 1; start < end; start++)
        {
            int at = start;
            while (at < end && CheckAt(at, out int length) == LogError.None && format.IsChecked(Rest[at..]))
                at += length;
            if (at == end)
                return start;
        }

        return end;
    }

    private void SkipToBelievable(bool isTorn)
    {
        long from = Offset;
        LogError error;
        int length;
        do
        {
            Skip(1);
            GiveUpIfLong(from);
            error = CheckAt(0, out length);
        }
        while (error != LogError.EndOfLog && (error != LogError.None || !IsBelievable(0, length, isTorn)));
    }

    private bool IsBelievable(int ahead, int length, bool isTorn)
    {
        int end = ahead + length;
        if (format.IsChecked(Rest[ahead..]))
            return length >= _shortest || RunsOn(end, areChecked: true, isTorn);
        if (!CanBeUnchecked(ahead, length))
            return false;
        if (CheckAt(end, out _) == LogError.None && format.IsChecked(Rest[end..]))
            return false;
        return (_lastIsChecked == false && length >= _shortest) || RunsOn(end, areChecked: false, isTorn || _lastIsChecked == true);
    }

    // Whether records of one kind fill more than one could, or all up to the end, unless that is no proof.
    private bool RunsOn(int from, bool areChecked, bool endProvesNothing)
    {
        for (int ahead = from; ahead < from + LogRecord.MaxLength;)
        {
            LogError error = CheckAt(ahead, out int length);
            if (error != LogError.None)
                return error == LogError.EndOfLog && !endProvesNothing;
            if (format.IsChecked(Rest[ahead..]) != areChecked || (!areChecked && !CanBeUnchecked(ahead, length)))
                return false;
            ahead += length;
        }

        return true;
    }

    private bool CanBeUnchecked(int ahead, int length)
        => format.ResumesUnchecked && HoldsSomething(ahead) && !LogRecord.IsNewer(Rest[ahead..]) && !ReachesOverChecked(ahead, length);

    private bool HoldsSomething(int ahead) => format.FieldsOf(Rest[ahead..]) != 0;

    // What was looked at is remembered, or junk that is full of such records would be looked at again for each.
    private bool ReachesOverChecked(int ahead, int length)
    {
        long start = Offset + ahead + 1;
        if (start < _clearFrom || start > _clearTo + 1) // where it would join, an unchecked record begins
            _clearFrom = _clearTo = start;
        for (_clearTo = Math.Max(_clearTo, start); _clearTo < Offset + ahead + length; _clearTo++)
        {
            int at = (int)(_clearTo - Offset);
            if (CheckAt(at, out _) == LogError.None && format.IsChecked(Rest[at..]))
                return true;
        }

        return false;
    }
}
