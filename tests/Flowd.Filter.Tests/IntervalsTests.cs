using System;
using System.Linq;
using CsCheck;
using Flowd.Filter.Index;

namespace Flowd.Tests;

/// <summary>Where a number is on a line that is cut, against counting the places before it.</summary>
public class IntervalsTests
{
    // Crowded at both ends of the line and in the middle, and far apart elsewhere.
    private static readonly Gen<ulong> Number = Gen.OneOf(
        Gen.ULong[0, 600], Gen.ULong[0, 70_000], Gen.ULong[ulong.MaxValue - 300, ulong.MaxValue], Gen.ULong[1ul << 63, (1ul << 63) + 300], Gen.ULong);

    private static readonly Gen<ulong[]> Places = Gen.OneOf(Number.Array[0, 8], Number.Array[0, 400], Gen.ULong[0, 60_000].Array[0, 200]).Select(places => places.Distinct().Order().ToArray());

    [Fact]
    public void Numbers_are_behind_the_places_at_or_before_them()
        => Gen.Select(Places, Number.Array[20]).Sample((places, more) =>
        {
            var intervals = new Intervals(places);
            foreach (ulong number in Around(places).Concat(more))
                Assert.Equal(places.Count(place => place <= number), intervals.IndexOf(number));
        }, iter: 2_000);

    [Fact]
    public void So_are_addresses_of_two_halves()
        => Gen.Select(Number, Number).Array[0, 100].Sample(pairs =>
        {
            UInt128[] places = [.. pairs.Select(pair => new UInt128(pair.Item1 % 16, pair.Item2)).Distinct().Order()];
            var intervals = new Intervals6(places);
            foreach (UInt128 number in places.SelectMany(place => unchecked(new[] { place - 1, place, place + 1 })))
                Assert.Equal(places.Count(place => place <= number), intervals.IndexOf((ulong)(number >> 64), (ulong)(number & ulong.MaxValue)));
        }, iter: 1_000);

    [Fact]
    public void A_number_has_the_class_of_its_interval()
        => Gen.Select(Places, Number.Array[20], Gen.Int[0, 9].Array[401]).Sample((places, more, classes) =>
        {
            int[] some = classes[..(places.Length + 1)];
            var map = new ClassMap(places, some);
            foreach (ulong number in Around(places).Concat(more))
                Assert.Equal(some[places.Count(place => place <= number)], map.ClassOf(number));
        }, iter: 2_000);

    private static ulong[] Around(ulong[] places) => [.. places.SelectMany(place => unchecked(new[] { place - 1, place, place + 1 }))];
}
