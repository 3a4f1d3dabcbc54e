using System;
using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Filter.Walk;

/// <summary>
/// Tries all rules on many records that are not decoded, which have one layout: each test is asked of all of them before the next one is. Belongs to one thread.
/// </summary>
internal sealed class RunWalk(NumberTest[] numbers, AddressTest[] addresses, WalkedRule[] rules)
{
    private const int MostLayouts = 256;
    private const int LeastRun = 8; // records for which it pays to compile tests

    private readonly Dictionary<WireLayout, LayoutTests> _layouts = [];
    private readonly ulong[] _matches = new ulong[rules.Length];

    /// <summary>For each rule the records that it matches, and no quick rule before it, a bit for each.</summary>
    public ReadOnlySpan<ulong> Matches => _matches;

    /// <summary>Finds them, among <paramref name="among"/>. False if these are few records of an unknown layout, which are not worth it.</summary>
    public bool TryFind(WireLayout layout, ReadOnlySpan<byte> records, ulong among)
    {
        int count = records.Length / layout.Length;
        if (TestsOf(layout, count) is not { } tests)
            return false;
        tests.Begin(count);
        ulong left = among;
        for (int i = 0; i < rules.Length; i++)
        {
            _matches[i] = tests.Matches(i, records, left);
            if (rules[i].IsQuick)
                left &= ~_matches[i];
        }

        return true;
    }

    // Each exporter's templates lead to few; where there are very many, all are forgotten now and then.
    private LayoutTests? TestsOf(WireLayout layout, int records)
    {
        if (_layouts.TryGetValue(layout, out LayoutTests? tests) || records < LeastRun)
            return tests;
        if (_layouts.Count == MostLayouts)
            _layouts.Clear();
        tests = new LayoutTests(layout, numbers, addresses, rules);
        _layouts.Add(layout, tests);
        return tests;
    }
}
