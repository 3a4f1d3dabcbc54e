using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using CsCheck;
using Flowd.Config;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>A reader reads no more of a record than the rules look at.</summary>
public class FilterFieldsTests
{
    private static readonly (LogFields Fields, string[] Members)[] Rows =
    [
        (LogFields.RecvTime, ["ReceivedSeconds", "ReceivedMicroseconds"]),
        (LogFields.ProtoFlagsTos, ["TcpFlags", "Protocol", "TypeOfService"]),
        (LogFields.AgentAddr, ["AgentAddress"]),
        (LogFields.SrcAddr, ["SourceAddress"]),
        (LogFields.DstAddr, ["DestinationAddress"]),
        (LogFields.SrcDstPort, ["SourcePort", "DestinationPort"]),
        (LogFields.IfIndices, ["InputInterface", "OutputInterface"]),
    ];

    [Fact]
    public void What_rules_do_not_read_does_not_matter()
        => Gen.Select(Rules.Rule.Array[0, 6], Rules.Record.Array[1, 20]).Sample((rules, records) =>
        {
            LogFields fields = FilterFields.ReadBy(rules);
            FilterProgram program = FilterProgram.Compile(rules, TimeZoneInfo.Utc);
            foreach (FlowRecord record in records)
                Assert.Equal(program.Evaluate(in record), program.Evaluate(Only(record, fields)));
        }, iter: 2_000);

    [Theory]
    [InlineData("accept all", LogFields.None)]
    [InlineData("accept tag 7 quick agent 192.0.2.1", LogFields.AgentAddr)]
    [InlineData("accept src 10.0.0.0/8 proto tcp", LogFields.SrcAddr | LogFields.ProtoFlagsTos)]
    [InlineData("accept dst any port 53 proto udp", LogFields.DstAddr | LogFields.SrcDstPort | LogFields.ProtoFlagsTos)]
    [InlineData("accept in_ifndx 3", LogFields.IfIndices)]
    [InlineData("accept inet6", LogFields.SrcDstAddr)]
    [InlineData("accept days sat,sun", LogFields.RecvTime)]
    [InlineData("accept after 08:30", LogFields.RecvTime)]
    [InlineData("accept vlan 7", LogFields.Everything)]
    public void A_rule_reads(string rule, LogFields expected)
    {
        ParseResult result = ConfigParser.Parse(rule, "rule", new Dictionary<string, string>(), ConfigScope.Filter);
        Assert.Empty(result.Diagnostics);
        Assert.Equal(expected, FilterFields.ReadBy(result.Configuration!.Rules));
    }

    private static FlowRecord Only(FlowRecord record, LogFields fields)
    {
        object boxed = record;
        foreach ((LogFields section, string[] members) in Rows.Where(row => (row.Fields & fields) == 0))
        {
            foreach (FieldInfo field in members.Select(name => typeof(FlowRecord).GetField(name)!))
                field.SetValue(boxed, Activator.CreateInstance(field.FieldType));
        }

        return (FlowRecord)boxed;
    }
}
