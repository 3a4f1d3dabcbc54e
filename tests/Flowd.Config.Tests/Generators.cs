using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Flowd.Config;
using Flowd.Filter;
using Flowd.Records;
using Flowd.Rotation;

namespace Flowd.Tests;

/// <summary>
/// Random configurations, each of which the language can say.
/// </summary>
internal static class Generators
{
    // Paths and names out of everything that is hard to quote. A string with both quotes is made of parts that have one.
    private static readonly Gen<string> Path
        = Gen.Char["/aB0 \t%$#'\\!=-é,"].Array[1, 12].Select(Gen.Char["/aB0 \t%$#\"\\!=-é,"].Array[0, 12], Gen.Bool, (one, other, both)
            => both ? new string(one) + ' ' + new string(other) : new string(one));

    private static readonly Gen<string> InterfaceName = Gen.Char["abcXYZ019-._#!$@"].Array[1, 15].Select(name => new string(name));

    private static readonly Gen<Anonymization> Anonymization = Gen.Frequency(
        (1, Path.Select(path => new Anonymization(AnonymizeMethod.CryptoPan, "/" + path))),
        (1, Gen.Select(Gen.Int[0, 32], Gen.Int[0, 128]).Select((four, six) => new Anonymization(AnonymizeMethod.Truncate, null, four, six))));

    private static readonly Gen<LogCondition> Condition = Gen.Frequency(
        (1, Gen.Select(Gen.Bool, Gen.UInt.Array[1, 3]).Select((negated, tags) => new LogCondition(negated, tags, null))),
        (1, Gen.Select(Gen.Bool, Gen.OneOf(Rules.SomePrefix, Gen.Const(Prefix.Any))).Select((negated, prefix) => new LogCondition(negated, [], prefix))));

    // What percent signs do to a path has tests of its own.
    private static readonly Gen<LogFile> Log = Gen.Select(
        Path.Select(path => path.Replace("%{", "%", StringComparison.Ordinal)), Gen.Bool, Gen.Int[1, 86_400], Gen.Bool,
        Gen.Select(Maybe(Gen.Int[1, int.MaxValue]), Maybe(Gen.Long[1, long.MaxValue >> 1]), Maybe(Gen.Int[1, 19]), Rules.MaybeText(Path)),
        Gen.UInt, Condition.Array[0, 3], Maybe(Anonymization))
        .Select((path, rotates, seconds, aligned, options, store, conditions, method) => new LogFile(rotates ? "/base/%F/%s" : path)
        {
            Rotation = rotates ? new RotationInterval(seconds, aligned) : null,
            KeepSeconds = rotates ? options.Item1 : null,
            MaxOctets = rotates ? options.Item2 : null,
            ZstdLevel = options.Item3,
            Exec = rotates ? options.Item4 : null,
            Store = (LogFields)store & LogFields.Everything,
            Conditions = conditions,
            Anonymize = method,
        });

    private static readonly Gen<SyncPolicy> Sync = Gen.Frequency(
        (1, Gen.Const(default(SyncPolicy))), (1, Gen.Const(new SyncPolicy(SyncMode.Always))), (1, Gen.Int[1, 86_400].Select(seconds => new SyncPolicy(SyncMode.Interval, seconds))));

    private static readonly Gen<long> Buffer = Gen.Frequency((1, Gen.Const(0L)), (1, Gen.Long[64 << 10, 1L << 30]));

    private static readonly Gen<TlsFiles> Tls
        = Gen.Select(Path, Path, Rules.MaybeText(Path)).Select((certificate, key, clients) => new TlsFiles("/" + certificate, "/" + key, clients is null ? null : "/" + clients));

    private static readonly Gen<ListenOn> Listen
        = Gen.Select(AddressAndZone(), Gen.UShort[1, ushort.MaxValue], Maybe(Gen.Int[1, int.MaxValue]), Gen.Enum<Transport>(), Tls)
            .Select((where, port, size, transport, files) => new ListenOn(where.Item1, where.Item2, port, size)
            {
                Protocol = transport == Transport.Udp ? (ExportProtocol)(port % 4) : ExportProtocol.Any,
                Transport = transport,
                Tls = transport == Transport.Tls ? files : null,
            });

    private static readonly Gen<ForwardTo> Forward
        = Gen.Select(AddressAndZone(), Gen.UShort[1, ushort.MaxValue], Maybe(Anonymization)).Select((where, port, method) => new ForwardTo(where.Item1, where.Item2, port, method));

    private static readonly Gen<JoinGroup> Join
        = Gen.Select(Gen.OneOf(Rules.Address4.Select(a => Address.FromIPv4((uint)a.Low & 0x0FFFFFFF | 0xE0000000)), Rules.Address6.Select(a => Address.FromIPv6(a.High | 0xFFul << 56, a.Low))),
            Rules.MaybeText(InterfaceName)).Select((group, name) => new JoinGroup(group, name));

    private static readonly Gen<ConfiguredLimits> SomeLimits
        = Maybe(Gen.Int[1, 1 << 24]).Array[6].Select(Maybe(Gen.Int[1, 1000]), (n, logs) => new ConfiguredLimits(n[0], n[1], n[2], n[3], n[4], n[5], logs));

    private static readonly Gen<MetricsOn> Metrics
        = Gen.Frequency(
            (2, Gen.Select(AddressAndZone(), Gen.UShort[1, ushort.MaxValue]).Select((where, port) => new MetricsOn(where.Item1, where.Item2, port))),
            (1, Path.Select(path => new MetricsOn("/" + path))));

    private static readonly Gen<string> UserName = Gen.Char["aZ09_-."].Array[1, 8].Select(name => new string(name));

    private static readonly Gen<string> StateFile = Gen.Frequency((2, Path.Select(path => "/" + path)), (1, Gen.Const(Flowd.Config.Configuration.NoStateFile)));

    private static readonly PrefixTable[] Tables =
    [
        new("none", null, PrefixSet.Of()),
        new("some-of_them", null, PrefixSet.Of(new Prefix(Address.FromIPv4(0x0A000000), 8), new Prefix(Address.FromIPv6(0x20010DB8_00000000, 0), 32))),
        new("agent", null, PrefixSet.Of(new Prefix(Address.FromIPv4(0xC0000201), 32))),
    ];

    public static readonly Gen<Configuration> Configuration
        = Gen.Select(Gen.Select(Listen.Array[1, 3], Gen.OneOf(Rules.SomePrefix, Gen.Const(Prefix.Any)).Array[0, 3], Join.Array[0, 3], Forward.Array[0, 3]),
            Gen.Select(Log.Array[1, 4], Rules.MaybeText(Path), Maybe(Gen.Int[1, int.MaxValue]), Rules.MaybeText(Path), Sync, Buffer), Gen.UInt, Rules.Rule.Array[0, 6], SomeLimits,
            Gen.Select(Rules.MaybeText(StateFile), Rules.MaybeText(UserName), Gen.Bool, Metrics.Array[0, 2], Gen.Int[1, 64]))
        .Select((network, files, store, rules, limits, processes) => new Configuration
        {
            ListenOn = [.. network.Item1.DistinctBy(line => (line.Address, line.Zone, line.Port))],
            FlowSources = network.Item2,
            JoinGroups = network.Item3,
            ForwardTo = network.Item4,
            LogFiles = [.. files.Item1.DistinctBy(line => line.Pattern)],
            Sync = files.Item5,
            FlushesAlways = processes.Item3,
            BufferOctets = files.Item6,
            DropsOldest = files.Item6 > 0 && processes.Item3,
            LogSocket = files.Item2 is { } path ? new LogSocket(path, files.Item3) : null,
            PidFile = files.Item4,
            Store = (LogFields)store & LogFields.Everything,
            Tables = Tables,
            Rules = [.. rules.Select((rule, i) => i % 2 == 0 ? rule : rule with { When = Flowd.Filter.Condition.All([rule.When, new AddressIn(AddressField.Agent, Tables[i % 3].Prefixes, Tables[i % 3].Name)]) })],
            Limits = limits,
            SamplingRates = [.. limits.Samplers is { } n ? new[] { new ConfiguredSampling((uint)n), new ConfiguredSampling((uint)n, Prefix.Any), new ConfiguredSampling(7, new Prefix(Address.FromIPv4(0x0A000000), 8)) } : []],
            StateFile = processes.Item1,
            User = processes.Item2,
            RequiresSandbox = processes.Item3,
            Metrics = processes.Item4,
            Workers = processes.Item5,
        });

    private static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : struct => Gen.Frequency((2, Gen.Const((T?)null)), (1, gen.Select(value => (T?)value)));

    private static Gen<T?> Maybe<T>(Gen<T> gen, T? none = null)
        where T : class => Gen.Frequency((2, Gen.Const(none)), (1, gen.Select(value => (T?)value)));

    private static Gen<(Address, string?)> AddressAndZone()
        => Gen.OneOf(Rules.Address4.Select(a => (a, (string?)null)), Gen.Select(Rules.Address6, Rules.MaybeText(InterfaceName)));
}
