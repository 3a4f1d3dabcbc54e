using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Flowd.Config;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>
/// Days, times and dates are local. In Berlin 2025 clocks jumped from 02:00 to 03:00 on 30 March (01:00 UTC), and back from 03:00 to 02:00
/// on 26 October (01:00 UTC).
/// </summary>
public class TimeZoneTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("after 08:30", "2025-07-07T06:29:59Z", false)]
    [InlineData("after 08:30", "2025-07-07T06:30:00Z", true)]
    [InlineData("after 08:30", "2025-12-01T06:30:00Z", false)]
    [InlineData("before 17:30:00", "2025-12-01T16:30:00Z", true)]
    [InlineData("before 17:30:00", "2025-12-01T16:30:01Z", false)]
    [InlineData("after 00:00:01", "2025-12-01T23:00:00Z", false)]
    [InlineData("before 23:59:59", "2025-12-01T22:59:59Z", true)]
    [InlineData("days mon", "2025-12-07T22:59:59Z", false)]
    [InlineData("days mon", "2025-12-07T23:00:00Z", true)]
    [InlineData("days mon", "2025-07-06T22:00:00Z", true)]
    [InlineData("days sat,sun", "2025-12-05T23:00:00Z", true)]
    [InlineData("days fri-mon", "2025-12-08T22:00:00Z", true)]
    [InlineData("days fri-mon", "2025-12-08T23:00:00Z", false)]
    [InlineData("days thu", "1970-01-01T00:00:00Z", true)]
    [InlineData("days sun", "2106-02-07T06:28:15Z", true)]
    // The hour that is not there, and the hour that is there twice.
    [InlineData("after 02:00 before 02:59:59", "2025-03-30T00:59:59Z", false)]
    [InlineData("after 02:00 before 02:59:59", "2025-03-30T01:00:00Z", false)]
    [InlineData("after 02:00 before 02:59:59", "2025-10-26T00:00:00Z", true)]
    [InlineData("after 02:00 before 02:59:59", "2025-10-26T01:59:59Z", true)]
    [InlineData("after 02:00 before 02:59:59", "2025-10-26T02:00:00Z", false)]
    // Dates are exclusive on both sides.
    [InlineData("after date 2025", "2024-12-31T23:00:00Z", false)]
    [InlineData("after date 2025", "2024-12-31T23:00:01Z", true)]
    [InlineData("before date 20250701", "2025-06-30T21:59:59Z", true)]
    [InlineData("before date 20250701", "2025-06-30T22:00:00Z", false)]
    // Of two instants the first; a time in the gap counts on from before it.
    [InlineData("after date 20251026023000", "2025-10-26T00:30:00Z", false)]
    [InlineData("after date 20251026023000", "2025-10-26T00:30:01Z", true)]
    [InlineData("before date 20250330023000", "2025-03-30T01:29:59Z", true)]
    [InlineData("before date 20250330023000", "2025-03-30T01:30:00Z", false)]
    [InlineData("after date 20251026030000", "2025-10-26T02:00:00Z", false)]
    [InlineData("after date 20251026030000", "2025-10-26T02:00:01Z", true)]
    [InlineData("before date 9999", "2106-02-07T06:28:15Z", true)]
    [InlineData("after date 9999", "2106-02-07T06:28:15Z", false)]
    [InlineData("after date 1970", "1970-01-01T00:00:00Z", true)]
    public void In_Berlin(string clauses, string received, bool matches)
    {
        ParseResult result = ConfigParser.Parse("discard " + clauses, "rules", new Dictionary<string, string>(), ConfigScope.Filter);
        Assert.Empty(result.Diagnostics.Select(d => d.ToString()));
        var record = new FlowRecord { ReceivedSeconds = (uint)DateTimeOffset.Parse(received, CultureInfo.InvariantCulture).ToUnixTimeSeconds() };

        Verdict verdict = FilterProgram.Compile(result.Configuration!.Rules, Berlin).Evaluate(in record);
        Assert.Equal(matches, verdict.Rule == 0);
    }

    // The first and the last date that can be written, where the zone's offset leads out of the calendar.
    [Theory]
    [InlineData("Pacific/Kiritimati")]
    [InlineData("Pacific/Pago_Pago")]
    [InlineData("Europe/Berlin")]
    public void The_ends_of_the_calendar_compile(string zone)
    {
        ParseResult result = ConfigParser.Parse("discard after date 1970 before date 99991231235959", "rules", new Dictionary<string, string>(), ConfigScope.Filter);
        FilterProgram program = FilterProgram.Compile(result.Configuration!.Rules, TimeZoneInfo.FindSystemTimeZoneById(zone));
        Assert.Equal(0, program.Evaluate(new FlowRecord { ReceivedSeconds = uint.MaxValue }).Rule);
    }
}
