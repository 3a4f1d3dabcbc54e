using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using SharpFuzz;

namespace Flowd.Fuzz;

/// <summary>
/// flowd-fuzz make PROTOCOL SECONDS [SEED]: datagrams of that protocol (netflow9, ipfix, fixed, sflow, all), made to be nearly right.
/// flowd-fuzz run PATH ...: files, or folders of files, once each. flowd-fuzz afl: one file, or many, from afl-fuzz(1). flowd-fuzz seeds FOLDER: a
/// corpus to begin with. Status 1, and what it takes to see it again, if an invariant does not hold.
/// </summary>
internal static class Program
{
    private const int RoundLength = 2000;

    private static readonly Dictionary<string, Func<Dice, Action<WireWriter>>> Makers = new()
    {
        ["netflow9"] = static dice => new SetMaker(dice, isIpfix: false).Make,
        ["ipfix"] = static dice => new SetMaker(dice, isIpfix: true).Make,
        ["fixed"] = static dice => new FixedMaker(dice).Make,
        ["sflow"] = static dice => new SFlowMaker(dice).Make,
    };

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["make", "all", var seconds, .. var seed]:
                foreach (string protocol in Makers.Keys)
                {
                    if (Make(protocol, Number(seconds) / Makers.Count, SeedOf(seed)) is not 0 and int status)
                        return status;
                }

                return 0;
            case ["make", var protocol, var seconds, .. var seed] when Makers.ContainsKey(protocol):
                return Make(protocol, Number(seconds), SeedOf(seed));
            case ["run", .. var paths] when paths.Length > 0:
                return Run(paths);
            case ["seeds", var folder]:
                WriteSeeds(folder);
                return 0;
            case ["afl"]:
                RunUnderAfl();
                return 0;
            default:
                Console.Error.WriteLine("usage: flowd-fuzz make netflow9|ipfix|fixed|sflow|all SECONDS [SEED] | run PATH ... | seeds FOLDER | afl");
                return 64;
        }
    }

    // Each round has a seed of its own and begins with decoders that know nothing, so that a round can be repeated.
    private static int Make(string protocol, double seconds, ulong seed)
    {
        var watch = Stopwatch.StartNew();
        ulong executions = 0, records = 0, onWire = 0, octets = 0;
        long longest = 0;
        var writer = new WireWriter();
        for (; watch.Elapsed.TotalSeconds < seconds; seed++)
        {
            var dice = new Dice(seed);
            var checker = new Checker();
            Action<WireWriter> make = Makers[protocol](dice);
            uint second = 1_700_000_001;
            for (int i = 0; i < RoundLength; i++)
            {
                make(writer);
                octets += (ulong)writer.Length;
                second += (uint)dice.Below(3);
                try
                {
                    checker.Check(writer.Written, (uint)dice.Between(1, 6), second);
                }
                catch (Exception e)
                {
                    Console.Error.WriteLine($"{protocol}, seed {seed}, datagram {i}: {e}\n{Convert.ToHexString(writer.Written)}");
                    return 1;
                }
            }

            executions += checker.Executions;
            records += checker.Records;
            onWire += checker.RecordsOnWire;
            longest = Math.Max(longest, checker.LongestMilliseconds);
        }

        Console.WriteLine($"{protocol}: {executions} datagrams of {octets / Math.Max(executions, 1)} octets, {records} records, {onWire} on the wire, {executions / watch.Elapsed.TotalSeconds:F0}/s, longest {longest} ms, next seed {seed}");
        return 0;
    }

    private static int Run(string[] paths)
    {
        int files = 0;
        foreach (string path in paths)
        {
            foreach (string file in Directory.Exists(path) ? Directory.GetFiles(path) : [path])
            {
                try
                {
                    DatagramFile.Check(new Checker(), File.ReadAllBytes(file));
                    files++;
                }
                catch (Exception e)
                {
                    Console.Error.WriteLine($"{file}: {e}");
                    return 1;
                }
            }
        }

        Console.WriteLine($"{files} files");
        return 0;
    }

    private static void WriteSeeds(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string protocol, Func<Dice, Action<WireWriter>> of) in Makers)
        {
            for (ulong seed = 1; seed <= 40; seed++)
            {
                Action<WireWriter> make = of(new Dice(seed));
                var writer = new WireWriter();
                var datagrams = new List<byte[]>();
                for (int i = 0; i < 4; i++)
                {
                    make(writer);
                    if (writer.Length < 1000)
                        datagrams.Add(writer.Written.ToArray());
                }

                DatagramFile.Write(Path.Combine(folder, $"{protocol}-{seed}"), datagrams);
            }
        }
    }

    private static void RunUnderAfl()
    {
        Checker? checker = null; // what is watched must not run before it can be
        Fuzzer.Run(stream =>
        {
            checker ??= new Checker();
            checker.Reset();
            DatagramFile.Check(checker, ReadAll(stream));
        });
    }

    private static byte[] ReadAll(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static ulong SeedOf(string[] arguments)
        => arguments.Length > 0 ? ulong.Parse(arguments[0], CultureInfo.InvariantCulture) : (ulong)DateTime.UtcNow.Ticks;
}
