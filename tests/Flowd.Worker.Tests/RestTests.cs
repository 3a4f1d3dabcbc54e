using System;
using Flowd.Worker;

namespace Flowd.Tests;

/// <summary>The rest between two wake-ups follows the rate of datagrams.</summary>
public class RestTests
{
    private const int LargeBuffer = 8 << 20;

    [Theory]
    [InlineData(4_000, 40)]
    [InlineData(10_000, 48)]
    [InlineData(50_000, 48)]
    [InlineData(1_000, 10)] // the longest rest
    [InlineData(200_000, 100)] // the shortest; a ring holds 64, and there is no rest while it is full
    public void A_wake_up_finds_half_a_ring(int perSecond, int expected)
    {
        var rest = new RestBetweenWakes();
        double found = 1;
        for (int i = 0; i < 50; i++)
            found = rest.After((int)found, LargeBuffer).TotalSeconds * perSecond;
        Assert.InRange(found, expected * 0.9, expected * 1.1);
    }

    [Fact]
    public void Where_little_fits_into_the_kernels_buffer_it_is_short()
    {
        var rest = new RestBetweenWakes();
        for (int i = 0; i < 50; i++)
            Assert.InRange(rest.After(1, 200_000), TimeSpan.Zero, TimeSpan.FromMilliseconds(2));
    }
}
