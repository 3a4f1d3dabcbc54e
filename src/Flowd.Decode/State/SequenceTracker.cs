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

    private readonly int _window = unit == SequenceUnit.Datagrams ? LateDatagrams : LateFlows;
    private SequenceHoles? _holes;
    private bool _hasStarted;

    /// <summary>The number expected next; if it is not exact, no later message has a lower one.</summary>
    public uint Next { get; private set; }

    /// <summary>False before the first message, and after one whose units could not be counted.</summary>
    public bool IsExact { get; private set; }

    /// <summary>Takes note of a message with that number, and of so many units if that is certain.</summary>
    public SequenceCheck Check(uint received, uint units, bool isCertain = true)
    {
        int difference = _hasStarted ? unchecked((int)(received - Next)) : 0;
        if (difference < 0 && difference >= -_window)
            return new SequenceCheck(SequenceOutcome.Late, isCertain && _holes is not null && _holes.TryFill(received, units) ? units : 0);

        var check = new SequenceCheck(SequenceOutcome.Expected, 0);
        if (difference is < 0 or > FarthestJump)
        {
            _holes = null;
            check = new SequenceCheck(SequenceOutcome.Reset, 0);
        }
        else if (difference > 0 && IsExact)
        {
            (_holes ??= new SequenceHoles()).Add(Next, (uint)difference);
            check = new SequenceCheck(SequenceOutcome.Gap, (uint)difference);
        }

        Next = isCertain ? unchecked(received + units) : received;
        IsExact = isCertain;
        _hasStarted = true;
        return check;
    }

    /// <summary>Puts the place back to where it was in an earlier life.</summary>
    public void Restore(uint next)
    {
        Next = next;
        IsExact = true;
        _hasStarted = true;
    }
}
