using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Records;

namespace Flowd.Filter.Walk;

/// <summary>The tests of all rules, compiled for records of one layout. What several of them ask about is gathered once.</summary>
internal sealed class LayoutTests
{
    private readonly List<int> _offsets = []; // of the columns
    private readonly Part[]?[] _ofRules; // null where none of these records matches
    private readonly uint[] _columns;
    private readonly bool[] _isGathered;
    private int _count;

    public LayoutTests(WireLayout layout, NumberTest[] numbers, AddressTest[] addresses, IEnumerable<WalkedRule> rules)
    {
        Layout = layout;
        _ofRules = [.. rules.Select(rule => PartsOf(
            [.. addresses[rule.FirstAddress..rule.EndAddress].Select(test => (test.OnWire(layout), test.Negated)), .. numbers[rule.FirstNumber..rule.EndNumber].Select(test => (test.OnWire(layout), test.Negated))]))];
        _columns = new uint[_offsets.Count * WireTest.MostRecords];
        _isGathered = new bool[_offsets.Count];
    }

    // A test, and for each of its windows the column that it looks at.
    private readonly record struct Part((WireWindow Window, int Column)[] Windows, bool Negated);

    public WireLayout Layout { get; }

    /// <summary>Other records follow, so many.</summary>
    public void Begin(int count)
    {
        _count = count;
        Array.Clear(_isGathered);
    }

    /// <summary>Those of the records, a bit for each, that the rule matches.</summary>
    public ulong Matches(int rule, ReadOnlySpan<byte> records, ulong among)
    {
        if (_ofRules[rule] is not { } parts)
            return 0;
        foreach (ref readonly Part part in parts.AsSpan())
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
            one.Window.Gather(records, Layout.Length, column[.._count]);
        _isGathered[one.Number] = true;
        return column[..WireWindow.RoomOf(_count)];
    }

    // What is the same for all records is left out.
    private Part[]? PartsOf((WireTest Test, bool Negated)[] tests)
        => Array.Exists(tests, static one => one.Test.Answer == one.Negated) ? null
            : [.. tests.Where(static one => one.Test.Answer is null).Select(one => new Part([.. WindowsOf(one.Test)], one.Negated))];

    private IEnumerable<(WireWindow Window, int Column)> WindowsOf(WireTest test)
        => Enumerable.Range(0, test.Count).Select(i => (test[i], ColumnOf(test[i].Offset)));

    private int ColumnOf(int offset)
    {
        if (!_offsets.Contains(offset))
            _offsets.Add(offset);
        return _offsets.IndexOf(offset);
    }
}
