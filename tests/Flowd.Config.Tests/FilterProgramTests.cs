using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Config;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Single facts about evaluation, each from the manual or from what flowd 0.9.1 does.</summary>
public class FilterProgramTests
{
    private static readonly FlowRecord Web = new()
    {
        AgentAddress = Address.FromIPv4(0xC0000201),
        SourceAddress = Address.FromIPv4(0x0A000001),
        DestinationAddress = Address.FromIPv4(0x0A000002),
        SourcePort = 50000,
        DestinationPort = 80,
        Protocol = 6,
        TcpFlags = 0x1B,
    };

    [Theory]
    [InlineData("", FilterAction.Accept, -1)]
    [InlineData("discard all\n accept dst any port 80 proto tcp", FilterAction.Accept, 1)]
    [InlineData("accept all\n discard all", FilterAction.Discard, 1)]
    [InlineData("accept quick all\n discard all", FilterAction.Accept, 0)]
    [InlineData("discard all\n accept src any", FilterAction.Accept, 1)]
    [InlineData("discard all\n accept src 10.0.0.0/8 dst any", FilterAction.Accept, 1)]
    [InlineData("discard src 2001:db8::/32", FilterAction.Accept, -1)]
    [InlineData("discard src ! 2001:db8::/32", FilterAction.Discard, 0)]
    [InlineData("discard ! inet", FilterAction.Accept, -1)]
    [InlineData("discard in_ifndx ! 1", FilterAction.Discard, 0)]
    [InlineData("discard proto tcp tcp_flags mask 0x12 !equals 0x12", FilterAction.Accept, -1)]
    [InlineData("discard proto tcp tcp_flags equals 0x12", FilterAction.Accept, -1)]
    public void Decides(string rules, FilterAction action, int rule)
        => Assert.Equal(new Verdict(action, false, 0, rule), Compile(rules).Evaluate(in Web));

    [Fact]
    public void A_tag_of_zero_is_a_tag()
    {
        Assert.Equal(new Verdict(FilterAction.Accept, true, 0, 0), Compile("accept tag 0").Evaluate(in Web));
        Assert.Equal(new Verdict(FilterAction.Accept, false, 0, 1), Compile("accept tag 7\naccept all").Evaluate(in Web));
    }

    [Fact]
    public void Mixed_families_match_inet_and_inet6()
    {
        FlowRecord record = Web with { SourceAddress = Address.FromIPv6(1, 1) };
        Assert.Equal(1, Compile("discard inet\ndiscard inet6").Evaluate(in record).Rule);
        Assert.Equal(-1, Compile("discard ! inet\ndiscard ! inet6").Evaluate(in record).Rule);
    }

    // Made by hand: the language refuses it.
    [Fact]
    public void Not_any_matches_nothing()
    {
        var rule = new FilterRule { When = Condition.Opposite(new AddressIn(AddressField.Source, PrefixSet.Any)) };
        Assert.Equal(-1, FilterProgram.Compile([rule], TimeZoneInfo.Utc).Evaluate(in Web).Rule);
    }

    [Fact]
    public void Counts_evaluations_matches_and_wins()
    {
        FilterProgram program = Compile("accept all\ndiscard quick proto udp\naccept dst any port 80 proto tcp");
        FlowRecord udp = Web with { Protocol = 17 };
        program.Evaluate(in Web);
        program.Evaluate(in Web);
        program.Evaluate(in udp);

        Assert.Equal(new RuleCounters(3, 3, 0), program.CountersOf(0));
        Assert.Equal(new RuleCounters(3, 1, 1), program.CountersOf(1));
        Assert.Equal(new RuleCounters(2, 2, 2), program.CountersOf(2));
    }

    [Fact]
    public void Counters_survive_a_reload_where_the_rule_does()
    {
        FilterProgram old = Compile("accept all\naccept all\ndiscard quick proto 6\naccept tag 1");
        old.Evaluate(in Web);
        FilterProgram now = Compile("discard quick proto tcp\naccept all\naccept tag 2\naccept all\naccept all");
        now.TakeCountersFrom(old);

        Assert.Equal(new RuleCounters(1, 1, 1), now.CountersOf(0));
        Assert.Equal(new RuleCounters(1, 1, 0), now.CountersOf(1));
        Assert.Equal(default, now.CountersOf(2));
        Assert.Equal(new RuleCounters(1, 1, 0), now.CountersOf(3));
        Assert.Equal(default, now.CountersOf(4));
    }

    private static FilterProgram Compile(string rules) => FilterProgram.Compile(Parse(rules), TimeZoneInfo.Utc);

    private static IReadOnlyList<FilterRule> Parse(string rules)
    {
        ParseResult result = ConfigParser.Parse(rules, "rules", new Dictionary<string, string>(), ConfigScope.Filter);
        Assert.Empty(result.Diagnostics.Select(d => d.ToString()));
        return result.Configuration!.Rules;
    }
}
