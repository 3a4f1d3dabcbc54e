using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Flowd.Config;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>The clauses about what version 3.1 of the log adds.</summary>
public class ExtendedRuleTests
{
    private const LogFields All = LogFields.Layer2 | LogFields.Status | LogFields.Sampling | LogFields.Mpls | LogFields.Nat | LogFields.Application | LogFields.Other;

    private static readonly FlowRecord Full = Make();
    private static readonly byte[] Elements = MakeElements();

    [Theory]
    [InlineData("vlan 100", true)]
    [InlineData("vlan 200", true)] // behind the router
    [InlineData("vlan 300", true)] // the customer's
    [InlineData("vlan 101", false)]
    [InlineData("vlan ! 100", false)]
    [InlineData("mac 02:00:00:00:00:01", true)]
    [InlineData("mac 2:0:0:0:0:2", true)]
    [InlineData("mac 02:00:00:00:00:03", false)]
    [InlineData("sampling 1000", true)]
    [InlineData("sampling = 1000", true)]
    [InlineData("sampling >= 1000", true)]
    [InlineData("sampling > 1000", false)]
    [InlineData("sampling < 1001", true)]
    [InlineData("sampling <= 999", false)]
    [InlineData("sampling != 1000", false)]
    [InlineData("sampling ! 0", true)]
    [InlineData("direction egress", true)]
    [InlineData("direction ingress", false)]
    [InlineData("mpls 16", true)]
    [InlineData("mpls 32", true)]
    [InlineData("mpls 33", false)]
    [InlineData("nat src 192.0.2.0/24", true)]
    [InlineData("nat src 192.0.2.1 port 1024", true)]
    [InlineData("nat src 192.0.2.1 port ! 1024", false)]
    [InlineData("nat dst 198.51.100.1", true)]
    [InlineData("nat dst ! 198.51.100.1", false)]
    [InlineData("nat src any port 1024 dst 198.51.100.0/24 port 80", true)]
    [InlineData("nat src any port 1024 dst 198.51.100.0/24 port 81", false)]
    [InlineData("app 13:453", true)]
    [InlineData("app 3:453", false)]
    [InlineData("icmp type 8", true)]
    [InlineData("icmp type 8 code 3", true)]
    [InlineData("icmp type 8 code 0", false)]
    [InlineData("icmp ! type 0", true)]
    [InlineData("ie ipTTL = 64", true)]
    [InlineData("ie IPTTL > 64", false)]
    [InlineData("ie ipTTL >= 64 ie ipTTL < 65", true)]
    [InlineData("ie ipTTL != 64", false)]
    [InlineData("ie ! ipTTL = 65", true)]
    [InlineData("ie userName = \"alice \"", false)]
    [InlineData("ie userName = alice", true)]
    [InlineData("ie userName = 'd\"arc'", false)]
    [InlineData("ie e9id12235 = 7", true)]
    [InlineData("ie e9id12235 = seven", false)]
    [InlineData("ie e9id12236 = text", true)]
    [InlineData("ie collectorIPv4Address = 203.0.113.0/24", true)]
    [InlineData("ie collectorIPv4Address != 203.0.113.9", false)]
    [InlineData("ie collectorIPv6Address = 2001:db8::/32", true)]
    [InlineData("ie ethernetHeaderLength = 14", false)] // not there
    [InlineData("ie staMacAddress = 02:00:00:00:00:09", true)]
    [InlineData("proto icmp vlan 100 icmp type 8 ie ipTTL = 64 days mon-sun", true)]
    [InlineData("proto icmp vlan 100 icmp type 9 ie ipTTL = 64", false)]
    public void A_clause_holds_or_not(string clauses, bool holds)
    {
        FilterProgram program = Compile($"discard quick {clauses}");
        Assert.Equal(holds ? FilterAction.Discard : FilterAction.Accept, program.Evaluate(in Full, Elements).Action);
        Assert.Equal(clauses.Contains("ie ", StringComparison.Ordinal), program.ReadsOther);

        // The normal form is the same rule, and prints the same.
        string printed = RulePrinter.Print(program.Rules[0]);
        FilterProgram again = Compile(printed);
        Assert.Equal(program.Rules[0], again.Rules[0]);
        Assert.Equal(printed, RulePrinter.Print(again.Rules[0]));
    }

    // What is not there is equal to nothing, not to zero.
    [Theory]
    [InlineData("vlan 0")]
    [InlineData("mac 00:00:00:00:00:00")]
    [InlineData("direction ingress")]
    [InlineData("mpls 0")]
    [InlineData("nat src any")]
    [InlineData("app 0:0")]
    [InlineData("icmp type 0")]
    [InlineData("ie ipTTL = 0")]
    public void A_record_without_the_part_does_not_match(string clauses)
    {
        Assert.Equal(FilterAction.Accept, Compile($"discard {clauses}").Evaluate(new FlowRecord { Protocol = 1 }).Action);
        if (!clauses.StartsWith("nat", StringComparison.Ordinal) && !clauses.StartsWith("ie", StringComparison.Ordinal))
            Assert.Equal(FilterAction.Discard, Compile($"discard {clauses.Replace(" ", " ! ", StringComparison.Ordinal).Replace("! type ! ", "! type ", StringComparison.Ordinal)}").Evaluate(new FlowRecord { Protocol = 1 }).Action);
    }

    [Fact]
    public void An_unknown_sampling_rate_is_zero()
        => Assert.Equal(FilterAction.Discard, Compile("discard sampling 0").Evaluate(new FlowRecord()).Action);

    [Theory]
    [InlineData("vlan 4096", "rules:1:14: a VLAN must be 0 to 4095, not 4096")]
    [InlineData("mac 1:2:3", "rules:1:13: \"1:2:3\" is not a MAC address such as 00:00:5e:00:53:01")]
    [InlineData("sampling many", "rules:1:18: \"many\" is not a number")]
    [InlineData("direction up", "rules:1:19: \"up\" is neither ingress nor egress")]
    [InlineData("mpls 1048576", "rules:1:14: a label must be 0 to 1048575, not 1048576")]
    [InlineData("nat", "rules:1:12: expected \"src\" or \"dst\", found end of file")]
    [InlineData("app 13", "rules:1:13: \"13\" is not an application such as 13:453, engine and selector")]
    [InlineData("icmp 8", "rules:1:14: expected \"type\" or \"code\", found \"8\"")]
    [InlineData("ie nothing = 1", "rules:1:12: \"nothing\" is not an information element: there are IANA's names, and e9id12235 for number 12235 of enterprise 9")]
    [InlineData("ie ipTTL 64", "rules:1:18: expected one of =, !=, <, <=, >, >=, found \"64\"")]
    [InlineData("ie ipTTL = high", "rules:1:20: \"high\" is not a number")]
    [InlineData("ie userName > a", "rules:1:21: addresses and texts are equal or not; nothing else")]
    [InlineData("vlan 1 vlan 2", "rules:1:16: \"vlan\" stands twice")]
    public void Mistakes_are_told_with_their_place(string clauses, string message)
    {
        ParseResult result = ConfigParser.Parse($"discard {clauses}", "rules", new Dictionary<string, string>(), ConfigScope.Filter);
        Assert.Null(result.Configuration);
        Assert.Equal([message], result.Diagnostics.Select(d => d.ToString()));
    }

    [Fact]
    public void The_new_words_may_still_be_names_of_macros()
        => Assert.Equal(Compile("discard vlan 5 ie ipTTL = 1").Rules, Compile("vlan = 5\nie = ipTTL\ndiscard vlan $vlan ie $ie = 1").Rules);

    private static FlowRecord Make()
    {
        var record = new FlowRecord
        {
            Fields = All,
            Protocol = 1,
            Layer2 = new Layer2 { SourceMac = 0x020000000001, DestinationMac = 0x020000000002, Vlan = 100, PostVlan = 200, CustomerVlan = 300 },
            Sampling = new Sampling(1000, 0, SamplingSource.Record, 0),
            Status = new FlowStatus { Direction = 1, IcmpType = 8, IcmpCode = 3 },
            Nat = new Translation { PostSource = Address.FromIPv4(0xC0000201), PostSourcePort = 1024, PostDestination = Address.FromIPv4(0xC6336401), PostDestinationPort = 80 },
            ApplicationId = 13UL << 56 | 453,
        };
        record.Mpls[0] = 16 << 12;
        record.Mpls[1] = 32 << 12;
        return record;
    }

    private static byte[] MakeElements()
    {
        (uint Enterprise, ushort Id, byte[] Value)[] elements =
        [
            (0, 192, [64]), // ipTTL
            (0, 371, [.. Encoding.UTF8.GetBytes("alice"), 0, 0]), // userName
            (9, 12235, [0, 7]),
            (9, 12236, Encoding.UTF8.GetBytes("text")),
            (0, 211, [203, 0, 113, 9]), // collectorIPv4Address
            (0, 212, Address.FromIPv6(0x20010DB8_00000000, 1) is var six ? Bytes(six) : []),
            (0, 365, [2, 0, 0, 0, 0, 9]), // staMacAddress
        ];
        byte[] octets = new byte[elements.Sum(e => OtherElements.LengthOf(e.Value.Length))];
        int at = 0;
        foreach ((uint enterprise, ushort id, byte[] value) in elements)
            at += OtherElements.Write(octets.AsSpan(at), enterprise, id, value);
        return octets;
    }

    private static byte[] Bytes(Address address)
    {
        byte[] octets = new byte[16];
        address.Write(octets);
        return octets;
    }

    private static FilterProgram Compile(string rules)
    {
        ParseResult result = ConfigParser.Parse(rules, "rules", new Dictionary<string, string>(), ConfigScope.Filter);
        Assert.Empty(result.Diagnostics.Select(d => d.ToString()));
        return FilterProgram.Compile(result.Configuration!.Rules, TimeZoneInfo.Utc);
    }
}
