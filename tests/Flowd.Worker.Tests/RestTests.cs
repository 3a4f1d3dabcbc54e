using System;
using Flowd.Worker;

namespace Flowd.Tests;

/// <summary>The rest between two wake-ups follows the rate of datagrams.</summary>
public class RestTests
{
    private const int LargeBuffer = 32 << 20;

    [Theory]
    [InlineData(25_000, 1024)]
    [InlineData(50_000, 1024)]
    [InlineData(200_000, 1024)]
    [InlineData(1_000, 50)] // the longest rest
    [InlineData(4_000_000, 2000)] // the shortest
    public void A_wake_up_finds_as_many_as_make_it_worth_while(int perSecond, int expected)
    {
        var rest = new RestBetweenWakes();
        double found = 1;
        for (int i = 0; i < 50; i++)
            found = Next(rest, (int)found, LargeBuffer).TotalSeconds * perSecond;
        Assert.InRange(found, expected * 0.9, expected * 1.1);
    }

    [Fact]
    public void What_came_in_several_rounds_counts_together()
    {
        var one = new RestBetweenWakes();
        var several = new RestBetweenWakes();
        for (int i = 0; i < 10; i++)
        {
            several.Count(64);
            several.Count(36);
            Assert.Equal(Next(one, 100, LargeBuffer), several.Next(LargeBuffer, isPrompt: false));
        }
    }

    [Theory]
    [InlineData(200_000, false, 2)]
    [InlineData(8 << 20, false, 16)]
    [InlineData(LargeBuffer, false, 50)]
    [InlineData(LargeBuffer, true, 10)]
    public void It_is_no_longer_than_the_kernels_buffer_and_those_who_wait_bear(int buffer, bool isPrompt, int milliseconds)
    {
        var rest = new RestBetweenWakes();
        TimeSpan longest = TimeSpan.Zero;
        for (int i = 0; i < 50; i++)
            longest = Next(rest, 1, buffer, isPrompt);
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), longest);
    }

    [Fact]
    public void Where_nothing_comes_there_is_none()
    {
        var rest = new RestBetweenWakes();
        Assert.Equal(TimeSpan.Zero, rest.Next(LargeBuffer, isPrompt: false));
        Assert.NotEqual(TimeSpan.Zero, Next(rest, 1, LargeBuffer));
        Assert.Equal(TimeSpan.Zero, rest.Next(LargeBuffer, isPrompt: false));
    }

    private static TimeSpan Next(RestBetweenWakes rest, int datagrams, int buffer, bool isPrompt = false)
    {
        rest.Count(datagrams);
        return rest.Next(buffer, isPrompt);
    }
}
