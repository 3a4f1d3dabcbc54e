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
/// Random rules, records and configurations. Values come from small sets, so that rules and records meet; every rule and configuration
/// is one that the language can say.
/// </summary>
internal static class Generators
{
    private static readonly uint[] Instants =
    [
        0, 1, 86399, 1743296399, 1743296400, 1743298200, 1761436799, 1761436800, 1761438600, 1761440400, 1761442200, 1764547200, uint.MaxValue,
    ];

    private static readonly Gen<Address> Address4 = Gen.OneOf(0x0A000001u, 0x0A0000FFu, 0x0A010000u, 0xC0000201u, 0xFFFFFFFFu).Select(Address.FromIPv4);

    private static readonly Gen<Address> Address6
        = Gen.Select(Gen.OneOf(0x20010DB8_00000000ul, 0x20010DB8_00000001ul, 0ul), Gen.OneOf(0ul, 1ul, 0x8000_0000_0000_0000ul, 0xFFFF_0A00_0001ul))
            .Select(Address.FromIPv6);

    private static readonly Gen<Address> AnyAddress = Gen.Frequency((2, Address4), (2, Address6), (1, Gen.Const(default(Address))));

    private static readonly Gen<Prefix> Prefix4 = PrefixOf(Address4, 0, 8, 15, 16, 24, 31, 32);

    private static readonly Gen<Prefix> Prefix6 = PrefixOf(Address6, 0, 32, 63, 64, 65, 96, 127, 128);

    private static readonly Gen<Prefix> SomePrefix = Gen.OneOf(Prefix4, Prefix6);

    private static readonly Gen<ushort> Port = Gen.OneOf<ushort>(1, 53, 80, 443, 65535);

    private static readonly Gen<byte> Protocol = Gen.OneOf<byte>(1, 6, 17, 47, 58, 253);

    private static readonly Gen<byte> Octet = Gen.OneOf<byte>(0, 2, 0x10, 0x12, 0xFF);

    private static readonly Gen<uint> Interface = Gen.OneOf(1u, 2u, 70000u, uint.MaxValue);

    private static readonly Gen<LocalTime> Date = Gen.Select(Gen.OneOf(Instants), Gen.Int[-7200, 7200]).Select((instant, shift) =>
    {
        long local = Math.Max(0L, instant + (long)shift);
        DateOnly date = new DateOnly(1970, 1, 1).AddDays((int)(local / 86400));
        return new LocalTime(date, TimeOnly.FromTimeSpan(TimeSpan.FromSeconds(local % 86400)));
    });

    private static readonly Gen<TimeOnly> TimeOfDay
        = Gen.OneOf(Gen.OneOf(0, 3600, 7200, 7199, 86399), Gen.Int[0, 86399]).Select(second => TimeOnly.FromTimeSpan(TimeSpan.FromSeconds(second)));

    public static readonly Gen<FlowRecord> Record
        = Gen.Select(Gen.Select(AnyAddress, AnyAddress, AnyAddress), Gen.Select(Port, Port, Protocol), Gen.Select(Octet, Octet), Gen.Select(Interface, Interface),
            Gen.OneOf(Gen.OneOf(Instants), Gen.UInt))
        .Select((addresses, ports, octets, interfaces, received) => new FlowRecord
        {
            AgentAddress = addresses.Item1,
            SourceAddress = addresses.Item2,
            DestinationAddress = addresses.Item3,
            SourcePort = ports.Item1,
            DestinationPort = ports.Item2,
            Protocol = ports.Item3,
            TypeOfService = octets.Item1,
            TcpFlags = octets.Item2,
            InputInterface = interfaces.Item1,
            OutputInterface = interfaces.Item2,
            ReceivedSeconds = received,
        });

    private static readonly Gen<FilterRule> FlowClauses
        = Gen.Select(Maybe(Clause(SomePrefix)), Gen.Select(Maybe(Clause(Interface)), Maybe(Clause(Interface))), Maybe(Clause(Gen.Bool)), Maybe(Endpoint()), Maybe(Endpoint()),
            Gen.Select(Maybe(Clause(Protocol)), Maybe(Clause(Octet)), Maybe(Clause(Gen.Select(Octet, Octet)))))
        .Select((agent, interfaces, family, source, destination, rest) => new FilterRule
        {
            Agent = agent,
            InputInterface = interfaces.Item1,
            OutputInterface = interfaces.Item2,
            Family = family is { } f ? new Clause<AddressFamily>(f.Value ? AddressFamily.IPv4 : AddressFamily.IPv6, f.Negated) : null,
            Source = source,
            Destination = destination,
            Protocol = rest.Item1,
            TypeOfService = rest.Item2,
            TcpFlags = rest.Item3 is { } t ? new Clause<TcpFlagTest>(new TcpFlagTest(t.Value.Item1, t.Value.Item2), t.Negated) : null,
        });

    public static readonly Gen<FilterRule> Rule
        = Gen.Select(FlowClauses, Gen.Bool, Maybe(Gen.UInt), Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true))),
            Gen.Frequency((2, Gen.Const((byte)0)), (1, Gen.Byte[1, 127])), Gen.Select(Maybe(TimeOfDay), Maybe(TimeOfDay), Maybe(Date), Maybe(Date)))
        .Select((rule, accept, tag, quick, days, times) => Sensible(rule with
        {
            Action = accept ? FilterAction.Accept : FilterAction.Discard,
            Tag = accept ? tag : null,
            Quick = quick,
            Days = (DaySet)days,
            AfterTime = times.Item1,
            BeforeTime = times.Item2,
            AfterDate = times.Item1 is null ? times.Item3 : null,
            BeforeDate = times.Item2 is null ? times.Item4 : null,
        }));

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
        (1, Gen.Select(Gen.Bool, Gen.OneOf(SomePrefix, Gen.Const(Prefix.Any))).Select((negated, prefix) => new LogCondition(negated, [], prefix))));

    // What percent signs do to a path has tests of its own.
    private static readonly Gen<LogFile> Log = Gen.Select(
        Path.Select(path => path.Replace("%{", "%", StringComparison.Ordinal)), Gen.Bool, Gen.Int[1, 86_400], Gen.Bool,
        Gen.Select(Maybe(Gen.Int[1, int.MaxValue]), Maybe(Gen.Long[1, long.MaxValue >> 1]), Maybe(Gen.Int[1, 19]), MaybeText(Path)),
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
        = Gen.Select(Path, Path, MaybeText(Path)).Select((certificate, key, clients) => new TlsFiles("/" + certificate, "/" + key, clients is null ? null : "/" + clients));

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
        = Gen.Select(Gen.OneOf(Address4.Select(a => Address.FromIPv4((uint)a.Low & 0x0FFFFFFF | 0xE0000000)), Address6.Select(a => Address.FromIPv6(a.High | 0xFFul << 56, a.Low))),
            MaybeText(InterfaceName)).Select((group, name) => new JoinGroup(group, name));

    private static readonly Gen<ConfiguredLimits> SomeLimits
        = Maybe(Gen.Int[1, 1 << 24]).Array[6].Select(Maybe(Gen.Int[1, 1000]), (n, logs) => new ConfiguredLimits(n[0], n[1], n[2], n[3], n[4], n[5], logs));

    private static readonly Gen<MetricsOn> Metrics
        = Gen.Frequency(
            (2, Gen.Select(AddressAndZone(), Gen.UShort[1, ushort.MaxValue]).Select((where, port) => new MetricsOn(where.Item1, where.Item2, port))),
            (1, Path.Select(path => new MetricsOn("/" + path))));

    private static readonly Gen<string> UserName = Gen.Char["aZ09_-."].Array[1, 8].Select(name => new string(name));

    private static readonly Gen<string> StateFile = Gen.Frequency((2, Path.Select(path => "/" + path)), (1, Gen.Const(Flowd.Config.Configuration.NoStateFile)));

    public static readonly Gen<Configuration> Configuration
        = Gen.Select(Gen.Select(Listen.Array[1, 3], Gen.OneOf(SomePrefix, Gen.Const(Prefix.Any)).Array[0, 3], Join.Array[0, 3], Forward.Array[0, 3]),
            Gen.Select(Log.Array[1, 4], MaybeText(Path), Maybe(Gen.Int[1, int.MaxValue]), MaybeText(Path), Sync, Buffer), Gen.UInt, Rule.Array[0, 6], SomeLimits,
            Gen.Select(MaybeText(StateFile), MaybeText(UserName), Gen.Bool, Metrics.Array[0, 2], Gen.Int[1, 64]))
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
            Rules = rules,
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

    private static Gen<string?> MaybeText(Gen<string> gen) => Gen.Frequency((1, Gen.Const((string?)null)), (1, gen.Select(value => (string?)value)));

    private static Gen<Clause<T>> Clause<T>(Gen<T> gen) => Gen.Select(gen, Gen.Bool).Select((value, negated) => new Clause<T>(value, negated));

    private static Gen<EndpointClause> Endpoint()
        => Gen.Select(Gen.OneOf(Clause(SomePrefix), Gen.Const(new Clause<Prefix>(Prefix.Any))), Maybe(Clause(Port))).Select((network, port) => new EndpointClause(network, port));

    private static Gen<(Address, string?)> AddressAndZone()
        => Gen.OneOf(Address4.Select(a => (a, (string?)null)), Gen.Select(Address6, MaybeText(InterfaceName)));

    private static Gen<Prefix> PrefixOf(Gen<Address> address, params byte[] lengths)
        => Gen.Select(address, Gen.OneOf(lengths)).Select(Network);

    // Clears the bits behind the prefix, one at a time: no arithmetic shared with what is tested.
    private static Prefix Network(Address address, byte length)
    {
        ulong high = address.High, low = address.Low;
        for (int bit = length; bit < address.Bits; bit++)
        {
            int fromRight = address.Bits - 1 - bit;
            if (fromRight < 64)
                low &= ~(1ul << fromRight);
            else
                high &= ~(1ul << (fromRight - 64));
        }

        return new Prefix(new Address(address.Family, high, low), length);
    }

    // Takes away what the language refuses.
    private static FilterRule Sensible(FilterRule rule)
    {
        if (rule.Source is { } s && rule.Destination is { } d && FamilyOf(s) is { } one && FamilyOf(d) is { } other && one != other)
            rule = rule with { Destination = d with { Network = new Clause<Prefix>(Prefix.Any) } };
        if (new[] { rule.Source, rule.Destination }.Any(end => end is { } e && FamilyOf(e) is { } family && family != (rule.Family?.Value ?? family)))
            rule = rule with { Family = null };
        if (rule.TcpFlags is not null)
            rule = rule with { Protocol = new Clause<byte>(6, rule.Protocol?.Negated ?? false) };
        else if (rule.Source?.Port is not null || rule.Destination?.Port is not null)
            rule = rule with { Protocol = new Clause<byte>(17, rule.Protocol?.Negated ?? false) };
        if (rule.AfterTime >= rule.BeforeTime)
            rule = rule with { BeforeTime = null };
        return rule.AfterDate >= rule.BeforeDate ? rule with { BeforeDate = null } : rule;
    }

    private static AddressFamily? FamilyOf(EndpointClause end) => end.Network.Value.IsAny ? null : end.Network.Value.Address.Family;
}
