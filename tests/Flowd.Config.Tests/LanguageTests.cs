using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Config;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>What rules mean, one fact at a time.</summary>
public class LanguageTests
{
    // Wednesday 2025-10-22, 23:30:00 UTC; 10 s, 1 MB, 1000 packets: 800 kbit/s, 100 packets a second.
    private static readonly FlowRecord Flow = new()
    {
        Fields = LogFields.Octets | LogFields.Packets | LogFields.FlowTimes | LogFields.AsInfo,
        AgentAddress = Address.FromIPv4(0xC0000201),
        SourceAddress = Address.FromIPv4(0x0A000001),
        DestinationAddress = Address.FromIPv4(0x0A630001),
        GatewayAddress = Address.FromIPv4(0xC6336401),
        SourcePort = 50000,
        DestinationPort = 8080,
        Protocol = 6,
        TypeOfService = 0xB8,
        TcpFlags = 0x1B,
        InputInterface = 7,
        Version = 9,
        Packets = 1000,
        Octets = 1_000_000,
        FlowStart = uint.MaxValue - 999,
        FlowFinish = 9000,
        SourceAs = 64512,
        DestinationAs = 0,
        SourceMask = 24,
        DestinationMask = 16,
        ReceivedSeconds = 1761175800,
    };

    [Theory]
    [InlineData("dst port 8000-8099", true)]
    [InlineData("dst port { 80, 443 8080 }", true)]
    [InlineData("dst port { 80, 443 }", false)]
    [InlineData("dst port ! { 80, 443 }", true)]
    [InlineData("src port > 1023", true)]
    [InlineData("src port >= 50001", false)]
    [InlineData("src port != 50000", false)]
    [InlineData("dst port { < 1024, 8080 }", true)]
    [InlineData("either port 8080", true)]
    [InlineData("either 10.0.0.1 port 8080", false)] // it is the other end's
    [InlineData("either 10.99.0.0/16 port 8080", true)]
    [InlineData("not either 10.99.0.0/16", false)]
    [InlineData("not either 192.0.2.0/24", true)]
    [InlineData("src { 192.0.2.0/24, 10.0.0.0/8 }", true)]
    [InlineData("dst { 10.0.0.0/8, ! 10.99.0.0/16 }", false)]
    [InlineData("dst { ! 10.0.0.0/8, 10.99.0.0/16 }", true)]
    [InlineData("src <t>", true)]
    [InlineData("dst <t>", false)]
    [InlineData("dst ! <t>", true)]
    [InlineData("dst { <t>, 10.99.0.1 }", true)]
    [InlineData("agent <t> nexthop <t>", false)]
    [InlineData("nexthop 198.51.100.0/24", true)]
    [InlineData("bgp_nexthop 198.51.100.0/24", false)]
    [InlineData("bgp_nexthop ! 198.51.100.0/24", true)] // it has none
    [InlineData("src as 64512", true)]
    [InlineData("dst as 64512", false)]
    [InlineData("dst as 0", true)]
    [InlineData("as 64512-65534", true)]
    [InlineData("as ! 64512", false)]
    [InlineData("mask 16", true)]
    [InlineData("src 10.0.0.0/8 mask 24 as { 64512 }", true)]
    [InlineData("src 10.0.0.0/8 mask 16", false)]
    [InlineData("packets >= 1k", true)]
    [InlineData("packets > 1k", false)]
    [InlineData("octets < 1M", true)] // 1048576
    [InlineData("octets 1000000", true)]
    [InlineData("duration 10", true)]
    [InlineData("duration 10s", true)] // over the end of the uptime's 32 bits
    [InlineData("duration >= 10001ms", false)]
    [InlineData("bps 800000", true)]
    [InlineData("bps >= 1M", false)]
    [InlineData("pps 50-100", true)]
    [InlineData("version netflow", true)]
    [InlineData("version { 5, ipfix }", false)]
    [InlineData("tos { 0, 0xb8 }", true)]
    [InlineData("in_ifndx 1-10 out_ifndx ! 1-10", true)]
    [InlineData("out_ifndx < 10", false)] // it has none, and none is not 0
    [InlineData("tcp_flags mask 0x12 equals { 2, 0x12 }", true)]
    [InlineData("tcp_flags mask 0x12 equals 2", false)]
    [InlineData("after 22:00 before 06:00", true)]
    [InlineData("after 23:30:01 before 06:00", false)]
    [InlineData("after 22:00 before 23:30", true)]
    [InlineData("not ( after 22:00 before 06:00 )", false)]
    [InlineData("( after 22:00 ) ( before 06:00 )", false)]
    [InlineData("days wed", true)]
    [InlineData("not days wed", false)]
    [InlineData("inet or inet6", true)]
    [InlineData("dst port 80 or dst port 8080 src 192.0.2.0/24", false)]
    [InlineData("dst port 8080 or dst port 80 src 192.0.2.0/24", true)]
    [InlineData("( dst port 8080 or dst port 80 ) src 192.0.2.0/24", false)]
    [InlineData("not ( dst port 80 or src 192.0.2.0/24 )", true)]
    [InlineData("not not inet6", false)]
    [InlineData("inet and not inet6", true)]
    public void A_rule_matches_or_not(string clauses, bool matches)
    {
        string text = $"table <t> {{ 10.0.0.0/8, ! 10.99.0.0/16 }}\ndiscard proto tcp ( {clauses} )";
        FilterProgram program = Compile(text);
        Assert.Equal(matches ? FilterAction.Discard : FilterAction.Accept, program.Evaluate(in Flow).Action);
    }

    // What is not there is in no set, whatever its number would be.
    [Theory]
    [InlineData("packets >= 0")]
    [InlineData("octets 0")]
    [InlineData("duration 0")]
    [InlineData("bps >= 0")]
    [InlineData("pps >= 0")]
    [InlineData("src as 0")]
    [InlineData("mask 0")]
    [InlineData("version < 10")]
    [InlineData("nexthop 0.0.0.0/0")]
    public void What_a_record_does_not_have_is_in_no_set(string clause)
    {
        var nothing = new FlowRecord();
        Assert.Equal(FilterAction.Accept, Compile($"discard {clause}").Evaluate(in nothing).Action);
        Assert.Equal(FilterAction.Discard, Compile($"discard not {clause}").Evaluate(in nothing).Action);
    }

    [Fact]
    public void A_flow_without_duration_has_no_rate()
    {
        FlowRecord flow = Flow with { FlowFinish = Flow.FlowStart };
        Assert.Equal(FilterAction.Discard, Compile("discard duration 0 not bps >= 0 not pps >= 0").Evaluate(in flow).Action);
    }

    [Fact]
    public void Absolute_times_are_the_better_ones()
    {
        FlowRecord flow = Flow with { Fields = Flow.Fields | LogFields.FlowTimesAbs, FlowStartNanoseconds = 1_000_000_000, FlowFinishNanoseconds = 1_002_999_999 };
        Assert.Equal(FilterAction.Discard, Compile("discard duration 2ms bps 4000M").Evaluate(in flow).Action);
        flow.FlowFinishNanoseconds = 1; // before its start
        Assert.Equal(FilterAction.Accept, Compile("discard duration >= 0").Evaluate(in flow).Action);
    }

    [Theory]
    [InlineData("match tag 1, 2\nmatch tag 3\naccept all", 0, 3u, new uint[] { 1, 2, 3 })]
    [InlineData("match tag 1\naccept tag 9, 8\nmatch tag 3\nmatch", 0, 9u, new uint[] { 1, 3, 9, 8 })]
    [InlineData("match tag 1\naccept quick tag 9\nmatch tag 3", 0, 9u, new uint[] { 1, 9 })]
    [InlineData("match tag 1 inet6\nmatch tag 4", -1, 4u, new uint[] { 4 })]
    [InlineData("accept tag 5\naccept tag 6, 7", 0, 6u, new uint[] { 6, 7 })]
    public void Tags_of_match_rules_stay(string rules, int decided, uint tag, uint[] tags)
    {
        FilterProgram program = Compile(rules);
        Verdict verdict = program.Evaluate(in Flow);
        Assert.Equal((FilterAction.Accept, true, tag), (verdict.Action, verdict.Tagged, verdict.Tag));
        Assert.Equal(decided < 0, verdict.Rule < 0);
        Assert.Equal(tags, program.Tags.ToArray());
    }

    [Fact]
    public void A_match_rule_matches_and_never_wins()
    {
        FilterProgram program = Compile("match tag 1\ndiscard inet6");
        Assert.Equal(new Verdict(FilterAction.Accept, true, 1, -1), program.Evaluate(in Flow));
        Assert.Equal(new RuleCounters(1, 1, 0), program.CountersOf(0));
        Assert.Equal(new RuleCounters(1, 0, 0), program.CountersOf(1));
    }

    [Fact]
    public void New_words_may_be_names_of_macros_as_ever()
        => Assert.Equal(Compile("discard octets 5").Rules, Compile("match = octets\nnot = 5\ntable = 1\ninclude = 2\nor = 3\ndiscard $match $not").Rules);

    private static FilterProgram Compile(string rules)
    {
        ParseResult result = ConfigParser.Parse(rules, "rules", new Dictionary<string, string>(), ConfigScope.Filter);
        Assert.Empty(result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()));
        return FilterProgram.Compile(result.Configuration!.Rules, TimeZoneInfo.Utc);
    }
}
