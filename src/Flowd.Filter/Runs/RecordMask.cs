using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Records;

namespace Flowd.Filter.Runs;

/// <summary>A condition, compiled for records of one layout that are not decoded: what it says of many of them is a bit for each.</summary>
internal abstract class RecordMask
{
    public static readonly RecordMask Always = new Constant(ulong.MaxValue);
    public static readonly RecordMask Never = new Constant(0);

    /// <summary>Those of which it is true, among some.</summary>
    public abstract ulong Of(in RunRecords run, ulong among);

    public static RecordMask All(IEnumerable<RecordMask> parts)
    {
        RecordMask[] some = [.. parts.Where(static part => part != Always)];
        return some.Contains(Never) ? Never : some.Length > 1 ? new Every(some) : some.FirstOrDefault(Always);
    }

    public static RecordMask Any(IEnumerable<RecordMask> parts)
    {
        RecordMask[] some = [.. parts.Where(static part => part != Never)];
        return some.Contains(Always) ? Always : some.Length > 1 ? new Some(some) : some.FirstOrDefault(Never);
    }

    public static RecordMask Opposite(RecordMask part) => part == Always ? Never : part == Never ? Always : new Others(part);

    /// <summary>What a window says of its column.</summary>
    public static RecordMask In(WireWindow window, int column) => window == WireWindow.Never ? Never : new Column(window, column);

    /// <summary>What the records have in common meets the condition, or none does.</summary>
    public static RecordMask Common(Condition condition) => new OfMessage(condition);

    private sealed class Constant(ulong records) : RecordMask
    {
        public override ulong Of(in RunRecords run, ulong among) => among & records;
    }

    private sealed class Every(RecordMask[] parts) : RecordMask
    {
        public override ulong Of(in RunRecords run, ulong among)
        {
            foreach (RecordMask part in parts)
            {
                if (among == 0)
                    return 0;
                among = part.Of(in run, among);
            }

            return among;
        }
    }

    private sealed class Some(RecordMask[] parts) : RecordMask
    {
        public override ulong Of(in RunRecords run, ulong among)
        {
            ulong left = among;
            foreach (RecordMask part in parts)
            {
                if (left == 0)
                    return among;
                left &= ~part.Of(in run, left);
            }

            return among & ~left;
        }
    }

    private sealed class Others(RecordMask part) : RecordMask
    {
        public override ulong Of(in RunRecords run, ulong among) => among & ~part.Of(in run, among);
    }

    private sealed class Column(WireWindow window, int column) : RecordMask
    {
        public override ulong Of(in RunRecords run, ulong among) => among & window.Matches(run.ColumnOf(in window, column));
    }

    private sealed class OfMessage(Condition condition) : RecordMask
    {
        public override ulong Of(in RunRecords run, ulong among) => run.Holds(condition) ? among : 0;
    }
}
