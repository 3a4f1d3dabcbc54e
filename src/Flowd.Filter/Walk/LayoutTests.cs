using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Records;

namespace Flowd.Filter.Walk;

/// <summary>The tests of all rules, compiled for records of one layout. What several of them ask about is gathered once.</summary>
internal sealed class LayoutTests
{
    private readonly List<int> _offsets = []; // of the columns
    private readonly Part[][] _ofRules;
    private readonly uint[] _columns;
    private readonly bool[] _isGathered;

    public LayoutTests(WireLayout layout, NumberTest[] numbers, AddressTest[] addresses, IEnumerable<WalkedRule> rules)
    {
        Layout = layout;
        _ofRules = [.. rules.Select(rule => addresses[rule.FirstAddress..rule.EndAddress].Select(test => PartOf(test.OnWire(layout), test.Negated))
            .Concat(numbers[rule.FirstNumber..rule.EndNumber].Select(test => PartOf(test.OnWire(layout), test.Negated))).ToArray())];
        _columns = new uint[_offsets.Count * WireTest.MostRecords];
        _isGathered = new bool[_offsets.Count];
    }

    // A test, and for each of its windows the column that it looks at.
    private readonly record struct Part((WireWindow Window, int Column)[] Windows, bool Negated);

    public WireLayout Layout { get; }

    /// <summary>Other records follow.</summary>
    public void Begin() => Array.Clear(_isGathered);

    /// <summary>Those of the records, a bit for each, that the rule matches.</summary>
    public ulong Matches(int rule, ReadOnlySpan<byte> records, ulong among)
    {
        foreach (ref readonly Part part in _ofRules[rule].AsSpan())
        {
            ulong matches = among;
            foreach (ref readonly (WireWindow Window, int Column) one in part.Windows.AsSpan())
                matches = matches == 0 ? 0 : matches & one.Window.Matches(Column(in one, records));
            among = part.Negated ? among & ~matches : matches;
        }

        return among;
    }

    private ReadOnlySpan<uint> Column(in (WireWindow Window, int Number) one, ReadOnlySpan<byte> records)
    {
        Span<uint> column = _columns.AsSpan(one.Number * WireTest.MostRecords, WireTest.MostRecords);
        if (!_isGathered[one.Number])
            one.Window.Gather(records, Layout.Length, column);
        _isGathered[one.Number] = true;
        return column[..((records.Length / Layout.Length + 3) / 4 * 4)];
    }

    private Part PartOf(WireTest test, bool negated) => new([.. Enumerable.Range(0, test.Count).Select(i => (test[i], ColumnOf(test[i].Offset)))], negated);

    private int ColumnOf(int offset)
    {
        if (!_offsets.Contains(offset))
            _offsets.Add(offset);
        return _offsets.IndexOf(offset);
    }
}
