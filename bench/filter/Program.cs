using System;
using System.Diagnostics;
using System.Linq;
using Flowd.Bench;
using Flowd.Filter;
using Flowd.Records;

// What filtering costs: a walk over all rules beside the program, which walks as well while rules are few, in one run, in rounds that take turns; then a rule with a table of prefixes.
// Prints medians of processor time. Arguments are numbers of rules, instead of all this. Run it natively compiled, as the daemon is: dotnet publish -c Release bench/filter
const int Rounds = 9;
const int FlowCount = 50_000;

var zone = TimeZoneInfo.Utc;
Console.WriteLine($"{"rules",8}{"matching",10}{"walk ns",10}{"program ns",12}{"walk/program",14}{"to 10 rules",13}{"build ms",10}{"MiB",8}");
double ofTen = 0;
int[] counts = args.Length > 0 ? [.. args.Select(int.Parse)] : [0, 1, 10, 100, 1_000, 10_000, 100_000];
foreach (int count in counts)
{
    var traffic = new Traffic(seed: 7);
    FilterRule[] rules = traffic.Rules(count);
    Flow[] flows = traffic.Flows(rules, FlowCount);
    (FilterProgram program, double build, double mebibytes) = Built(() => FilterProgram.Compile(rules, zone));
    var walk = new Walk(rules);
    Flow[] fewer = flows[..Math.Clamp(20_000_000 / Math.Max(1, count), 500, FlowCount)];
    var record = new FlowRecord();
    foreach (ref readonly Flow flow in fewer.AsSpan())
    {
        flow.WriteTo(ref record);
        if (walk.Evaluate(in record) != program.Evaluate(in record))
            throw new InvalidOperationException("Walk and program do not say the same.");
    }

    if (Enumerable.Range(0, count).Any(rule => walk.CountersOf(rule) != program.CountersOf(rule)))
        throw new InvalidOperationException("Walk and program do not count the same.");
    double matching = Enumerable.Range(0, count).Sum(rule => (double)program.CountersOf(rule).Matches) / fewer.Length;
    double[][] times = Measure([() => Walked(walk, fewer), () => Filtered(program, flows)]);
    double walked = Median(times[0]) / fewer.Length;
    double filtered = Median(times[1]) / flows.Length;
    ofTen = count == 10 ? filtered : ofTen;
    Console.WriteLine($"{count,8}{matching,10:F2}{walked,10:F1}{filtered,12:F1}{walked / filtered,14:F2}{(count >= 10 ? filtered / ofTen : double.NaN),13:F2}{build,10:F0}{mebibytes,8:F1}");
}

if (args.Length > 0)
    return;
Console.WriteLine();
Console.WriteLine($"{"prefixes",10}{"family",8}{"in it",8}{"lookup ns",11}{"build ms",10}{"MiB",8}");
foreach (AddressFamily family in (AddressFamily[])[AddressFamily.IPv4, AddressFamily.IPv6])
{
    foreach (int count in (int[])[1_000, 1_000_000])
    {
        ((Prefix Prefix, bool Negated)[] prefixes, Address[] asked) = Tables.Of(family, count, FlowCount);
        (FilterProgram program, double build, double mebibytes) = Built(()
            => FilterProgram.Compile([new FilterRule { When = new AddressIn(AddressField.Source, Tables.Built(prefixes), "table") }], zone));
        LookedUp(program, asked);
        double inside = program.CountersOf(0).Matches;
        double[][] times = Measure([() => LookedUp(program, asked)]);
        Console.WriteLine($"{count,10}{family,8}{inside / asked.Length,8:P0}{Median(times[0]) / asked.Length,11:F1}{build,10:F0}{mebibytes,8:F1}");
    }
}

static (T Made, double Milliseconds, double Mebibytes) Built<T>(Func<T> make)
{
    make(); // once to warm up
    long before = GC.GetTotalMemory(forceFullCollection: true);
    Stopwatch clock = Stopwatch.StartNew();
    T made = make();
    double milliseconds = clock.Elapsed.TotalMilliseconds;
    double mebibytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1048576.0;
    return (made, milliseconds, mebibytes);
}

static double[][] Measure(Action[] actions)
{
    double[][] times = [.. actions.Select(_ => new double[Rounds])];
    for (int round = -1; round < Rounds; round++)
    {
        for (int i = 0; i < actions.Length; i++)
        {
            TimeSpan before = Environment.CpuUsage.UserTime;
            int repeats = 0;
            Stopwatch clock = Stopwatch.StartNew();
            do
            {
                actions[i]();
                repeats++;
            }
            while (clock.ElapsedMilliseconds < 100);
            if (round >= 0)
                times[i][round] = (Environment.CpuUsage.UserTime - before).TotalNanoseconds / repeats;
        }
    }

    return times;
}

static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

static void Walked(Walk walk, Flow[] flows)
{
    var record = new FlowRecord();
    foreach (ref readonly Flow flow in flows.AsSpan())
    {
        flow.WriteTo(ref record);
        walk.Evaluate(in record);
    }
}

static void Filtered(FilterProgram program, Flow[] flows)
{
    var record = new FlowRecord();
    foreach (ref readonly Flow flow in flows.AsSpan())
    {
        flow.WriteTo(ref record);
        program.Evaluate(in record);
    }
}

static void LookedUp(FilterProgram program, Address[] addresses)
{
    var record = new FlowRecord();
    foreach (ref readonly Address address in addresses.AsSpan())
    {
        record.SourceAddress = address;
        program.Evaluate(in record);
    }
}
