using System;
using System.Globalization;
using Flowd.Rotation;

namespace Flowd.Tests;

/// <summary>When logs go on to another file, and what files are called.</summary>
public class RotationTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("UTC", 300, "2026-03-01T12:07:59Z", "2026-03-01T12:05:00Z", "2026-03-01T12:10:00Z")]
    [InlineData("UTC", 300, "2026-03-01T12:05:00Z", "2026-03-01T12:05:00Z", "2026-03-01T12:10:00Z")]
    [InlineData("UTC", 1, "2026-03-01T12:05:01Z", "2026-03-01T12:05:01Z", "2026-03-01T12:05:02Z")]
    [InlineData("Asia/Kathmandu", 3600, "2026-03-01T12:20:00Z", "2026-03-01T12:15:00Z", "2026-03-01T13:15:00Z")] // UTC+5:45
    [InlineData("Europe/Berlin", 86400, "2026-01-15T12:00:00Z", "2026-01-14T23:00:00Z", "2026-01-15T23:00:00Z")]
    [InlineData("Europe/Berlin", 604800, "2026-01-15T12:00:00Z", "2026-01-11T23:00:00Z", "2026-01-18T23:00:00Z")] // a Thursday; Monday is the 12th
    // The clock goes from 2:00 to 3:00 on 2026-03-29, at 1:00 UTC, and from 3:00 to 2:00 on 2026-10-25, at 1:00 UTC too.
    [InlineData("Europe/Berlin", 86400, "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")] // 23 hours
    [InlineData("Europe/Berlin", 86400, "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")] // 25 hours
    [InlineData("Europe/Berlin", 3600, "2026-03-29T00:30:00Z", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Berlin", 3600, "2026-10-25T00:30:00Z", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z")] // 2:30 for the first time
    [InlineData("Europe/Berlin", 3600, "2026-10-25T01:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z")] // and again
    [InlineData("Europe/Berlin", 21600, "2026-10-25T01:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T05:00:00Z")] // a new file at the change
    [InlineData("Europe/Berlin", 21600, "2026-03-29T00:30:00Z", "2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("Australia/Lord_Howe", 3600, "2026-04-04T15:10:00Z", "2026-04-04T15:00:00Z", "2026-04-04T15:30:00Z")] // 2:00 becomes 1:30
    [InlineData("Australia/Lord_Howe", 86400, "2026-04-04T18:00:00Z", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z")]
    public void Aligned_periods_follow_the_local_clock(string zone, int seconds, string now, string start, string end)
    {
        var clock = new RotationClock(new RotationInterval(seconds, IsAligned: true), TimeZoneInfo.FindSystemTimeZoneById(zone));

        Assert.Equal(At(start), clock.StartOf(At(now)));
        Assert.Equal(At(end), clock.EndOf(At(start)));
    }

    // Whatever the zone, periods follow each other without a hole, and each moment is in the one that it says.
    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T20:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-24T20:00:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-04T08:00:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-03T08:00:00Z")]
    [InlineData("America/St_Johns", "2026-11-01T00:00:00Z")]
    public void Periods_are_without_hole_or_overlap(string zone, string from)
    {
        foreach (int seconds in (int[])[60, 300, 420, 900, 3600, 5400, 7200, 43200, 86400, 604800])
        {
            var clock = new RotationClock(new RotationInterval(seconds, IsAligned: true), TimeZoneInfo.FindSystemTimeZoneById(zone));
            long end = clock.EndOf(clock.StartOf(At(from)));
            for (int i = 0; i < 50; i++)
            {
                Assert.Equal(end, clock.StartOf(end));
                long next = clock.EndOf(end);
                Assert.InRange(next - end, 1, seconds + 3600);
                Assert.Equal(end, clock.StartOf(next - 1));
                Assert.False(clock.IsOver(end, next - 1));
                Assert.True(clock.IsOver(end, next));
                end = next;
            }
        }
    }

    [Fact]
    public void A_period_that_is_not_aligned_begins_when_it_is_begun()
    {
        var clock = new RotationClock(new RotationInterval(90, IsAligned: false), Berlin);

        Assert.Equal(1234567, clock.StartOf(1234567));
        Assert.Equal(1234567 + 90, clock.EndOf(1234567));
    }

    [Fact]
    public void A_clock_that_jumps_ends_the_period_unless_it_jumps_back_a_little()
    {
        var clock = new RotationClock(new RotationInterval(300, IsAligned: true), TimeZoneInfo.Utc);
        long start = At("2026-03-01T12:05:00Z");

        Assert.False(clock.IsOver(start, start - 1));
        Assert.False(clock.IsOver(start, start - 300));
        Assert.True(clock.IsOver(start, start - 301));
        Assert.True(clock.IsOver(start, start + 86_400));
    }

    [Theory]
    [InlineData("/l/%Y/%m/%d/f.%H%M%S", "/l/2026/03/09/f.070501")]
    [InlineData("/l/%F.%j.%u.%G-%V.%y%z", "/l/2026-03-09.068.1.2026-11.26+0100")]
    [InlineData("/l/%s%%", "/l/1773036301%")]
    [InlineData("/l/%{exporter}/%{tag}.%H", "/l/192.0.2.1/7.07")]
    public void Fields_stand_for_the_start_of_the_period(string text, string expected)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(At("2026-03-09T06:05:01Z")), Berlin);
        LogPattern pattern = Parse(text);

        Assert.Equal(expected, pattern.Expand(local, "192.0.2.1", 7, compresses: false));
        Assert.Equal(expected + ".zst", pattern.Expand(local, "192.0.2.1", 7, compresses: true));
        foreach (string name in (string[])[expected, expected + ".1", expected + ".zst", expected + ".23.zst"])
        {
            Assert.True(pattern.Matches(name), name);
            Assert.True(pattern.IsOfPeriod(name, local), name);
            Assert.Equal(text.Contains("%{", StringComparison.Ordinal), pattern.IsOfPeriod(name.Replace("192.0.2.1", "2001:db8::1", StringComparison.Ordinal).Replace("/7.", "/none.", StringComparison.Ordinal), local) && name.Contains("192", StringComparison.Ordinal));
        }

        Assert.False(pattern.IsOfPeriod(expected, local.AddYears(1).AddMonths(1).AddDays(3).AddHours(1)));
    }

    // Expiry deletes what matches: nothing else may.
    [Theory]
    [InlineData("/l/%Y/f.%H%M", "/l/2026/notes.txt")]
    [InlineData("/l/%Y/f.%H%M", "/l/2026/f.1105.bak")]
    [InlineData("/l/%Y/f.%H%M", "/l/2026/f.1105.current")]
    [InlineData("/l/%Y/f.%H%M", "/l/2026/f.1105.1.2")]
    [InlineData("/l/%Y/f.%H%M", "/l/2026/f.110")]
    [InlineData("/l/%Y/f.%H%M", "/l/2026/f.11o5")]
    [InlineData("/l/%Y/f.%H%M", "/l/2026/f.1105.")]
    [InlineData("/l/%Y/f.%H%M", "/l/2026/xf.1105")]
    [InlineData("/l/%Y/f.%H%M", "/l/2026/a/f.1105")]
    [InlineData("/l/%Y/f.%H%M", "/l/f.1105")]
    [InlineData("/l/%Y/f.%H%M", "/l/2026/f.1105.gz")]
    [InlineData("/l/%{exporter}.%F", "/l/../x.2026-01-01")]
    [InlineData("/l/%{exporter}.%F", "/l/host.2026-01-01")]
    [InlineData("/l/%{tag}.%F", "/l/x1.2026-01-01")]
    [InlineData("/l/%F", "/l/2026/01/01")]
    public void What_is_not_of_the_pattern_does_not_match(string text, string path) => Assert.False(Parse(text).Matches(path));

    [Theory]
    [InlineData("/var/log/flowd/%Y/x", "/var/log/flowd")]
    [InlineData("/var/log/flowd.%Y", "/var/log")]
    [InlineData("/var/log/%{exporter}/a/%Y", "/var/log")]
    public void Folders_are_made_below_the_last_one_without_a_field(string text, string expected) => Assert.Equal(expected, Parse(text).BaseDirectory);

    [Theory]
    [InlineData("/l/a", "/l/a.1")]
    [InlineData("/l/a.zst", "/l/a.1.zst")]
    public void A_second_file_of_a_name_has_a_number(string path, string expected) => Assert.Equal(expected, LogPattern.Numbered(path, 1));

    [Fact]
    public void Without_rotation_a_percent_sign_is_one()
    {
        LogPattern pattern = LogPattern.TryParse("/l/100%Y%", rotates: false, out _)!;

        Assert.False(pattern.HasFields);
        Assert.Equal("/l/100%Y%", pattern.Expand(default, "", null, compresses: false));
    }

    private static LogPattern Parse(string text) => LogPattern.TryParse(text, rotates: true, out string error) ?? throw new ArgumentException(error);

    private static long At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeSeconds();
}
