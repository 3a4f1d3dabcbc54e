using System;

namespace Flowd.Decode.State;

/// <summary>How a sequence number follows on those before it.</summary>
internal enum SequenceOutcome : byte
{
    Expected,
    Gap,
    Late,
    Reset,
}

/// <summary>Units: for a gap, how many are missing; for a late message, how many of the missing it brought.</summary>
internal readonly record struct SequenceCheck(SequenceOutcome Outcome, uint Units);

/// <summary>
/// The place in a sequence of messages, modulo 2^32. A number ahead of the expected one is a gap. One a little behind is late or a
/// duplicate, and leaves the place as it is. Further in either direction, the exporter started anew and nothing is said to be lost.
/// </summary>
internal struct SequenceTracker(SequenceUnit unit)
{
    /// <summary>How far behind a message may be, in units of its sequence: some 1000 datagrams.</summary>
    public const int LateDatagrams = 1024;
    public const int LateFlows = 32_768;

    /// <summary>How far ahead a message may be. A real loss of so many would have taken hours.</summary>
    public const int FarthestJump = 1 << 24;

    private const int FullEvidence = 8;

    private readonly int _window = unit == SequenceUnit.Datagrams ? LateDatagrams : LateFlows;
    private SequenceHoles? _holes;
    private bool _hasStarted;
    private uint _latest; // the number of the latest message in order, and its units
    private uint _units;
    private bool _isReceived; // false if it was put back, not received
    private int _evidence; // for (above 0) and against (below) that numbers are as the protocol says

    /// <summary>The number expected next; if it is not exact, no later message has a lower one.</summary>
    public readonly uint Next => unchecked(_latest + _units);

    /// <summary>False before the first message, and after one whose units could not be counted.</summary>
    public bool IsExact { get; private set; }

    /// <summary>
    /// True for an exporter of IPFIX that adds the flows of a message, options left out, to its number before it sends it, as softflowd 1.1
    /// does. What its next number will be nobody can tell then.
    /// </summary>
    public readonly bool CountsItself => _evidence < 0;

    /// <summary>Takes note of a message with that number, and of so many units if that is certain. Flows: the units but for options.</summary>
    public SequenceCheck Check(uint received, uint units, uint flows, bool isCertain = true)
    {
        if (unit == SequenceUnit.Records && isCertain && IsExact && _isReceived)
            Learn(received, flows);
        uint counted = CountsItself ? flows : units;
        uint start = CountsItself ? unchecked(received - flows) : received;
        int difference = _hasStarted ? unchecked((int)(start - (CountsItself ? _latest : Next))) : 0;
        if (difference < 0 && difference >= -_window)
            return new SequenceCheck(SequenceOutcome.Late, isCertain && _holes is not null && _holes.TryFill(start, counted) ? counted : 0);

        var check = new SequenceCheck(SequenceOutcome.Expected, 0);
        if (difference is < 0 or > FarthestJump)
        {
            _holes = null;
            check = new SequenceCheck(SequenceOutcome.Reset, 0);
        }
        else if (difference > 0 && IsExact)
        {
            (_holes ??= new SequenceHoles()).Add(unchecked(start - (uint)difference), (uint)difference);
            check = new SequenceCheck(SequenceOutcome.Gap, (uint)difference);
        }

        _latest = received;
        _units = isCertain ? units : 0;
        IsExact = isCertain;
        _hasStarted = true;
        _isReceived = true;
        return check;
    }

    /// <summary>Puts the place back to where it was in an earlier life.</summary>
    public void Restore(uint next)
    {
        _latest = next;
        _units = 0;
        IsExact = true;
        _hasStarted = true;
        _isReceived = false;
    }

    // A loss can make the one look like the other, so what was seen before has a say.
    private void Learn(uint received, uint flows)
    {
        bool isStandard = received == Next;
        bool isOther = received == unchecked(_latest + flows);
        if (isStandard && !isOther)
            _evidence = Math.Min(_evidence + 1, FullEvidence);
        else if (isOther && !isStandard)
            _evidence = Math.Max(_evidence - 1, -FullEvidence);
    }
}
