using System;
using System.Globalization;
using System.Text;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>A rule in normal form: one line of flowd.conf(5) that parses to the same rule.</summary>
public static class RulePrinter
{
    private static readonly (DaySet Day, string Name)[] DayNames =
    [
        (DaySet.Sunday, "sun"),
        (DaySet.Monday, "mon"),
        (DaySet.Tuesday, "tue"),
        (DaySet.Wednesday, "wed"),
        (DaySet.Thursday, "thu"),
        (DaySet.Friday, "fri"),
        (DaySet.Saturday, "sat"),
    ];

    public static string Print(FilterRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var text = new StringBuilder(rule.Action == FilterAction.Accept ? "accept" : "discard");
        if (rule.Tag is { } tag)
            text.Append(CultureInfo.InvariantCulture, $" tag {tag}");
        if (rule.Quick)
            text.Append(" quick");

        int head = text.Length;
        AppendFlow(text, rule);
        AppendReception(text, rule);
        return text.Length > head ? text.ToString() : text.Append(" all").ToString();
    }

    // The order is that of the grammar.
    private static void AppendFlow(StringBuilder text, FilterRule rule)
    {
        Append(text, " agent ", rule.Agent, static network => network.ToString());
        Append(text, " in_ifndx ", rule.InputInterface, static index => Number(index));
        Append(text, " out_ifndx ", rule.OutputInterface, static index => Number(index));
        Append(text, " ", rule.Family, static family => family == AddressFamily.IPv4 ? "inet" : "inet6");
        AppendEndpoint(text, " src ", rule.Source);
        AppendEndpoint(text, " dst ", rule.Destination);
        Append(text, " proto ", rule.Protocol, static number => ProtocolNames.NameOf(number));
        Append(text, " tos ", rule.TypeOfService, static value => Octet(value));
        if (rule.TcpFlags is { } flags)
            AppendFlags(text, flags);
        AppendExtended(text, rule);
    }

    private static void AppendExtended(StringBuilder text, FilterRule rule)
    {
        Append(text, " vlan ", rule.Vlan, static vlan => Number(vlan));
        Append(text, " mac ", rule.Mac, static mac => MacText.Of(mac));
        Append(text, " sampling ", rule.Sampling, static rate => string.Create(CultureInfo.InvariantCulture, $"{rate.Symbol} {rate.Operand}"));
        Append(text, " direction ", rule.Direction, static direction => direction == 0 ? "ingress" : "egress");
        Append(text, " mpls ", rule.MplsLabel, static label => Number(label));
        if (rule.Nat is { } nat)
        {
            text.Append(" nat");
            AppendEndpoint(text, " src ", nat.Source);
            AppendEndpoint(text, " dst ", nat.Destination);
        }

        Append(text, " app ", rule.Application, static id => string.Create(CultureInfo.InvariantCulture, $"{id >> 56}:{id << 8 >> 8}"));
        Append(text, " icmp ", rule.Icmp, static icmp => string.Create(CultureInfo.InvariantCulture, $"type {icmp.Type}{(icmp.Code is { } code ? $" code {code}" : "")}"));
        foreach (Clause<ElementTest> element in rule.Elements.All)
            text.Append(" ie ").Append(Not(element.Negated)).Append(Print(element.Value));
    }

    private static string Print(in ElementTest test)
    {
        string name = InformationElements.NameOf(test.Enterprise, test.Id) + " " + test.Number.Symbol + " ";
        if (test.Prefix is { } prefix)
            return name + prefix;
        if (test.Text is not null)
            return name + QuotedText.Of(test.Text);
        bool isMac = InformationElements.Find(test.Enterprise, test.Id)?.Type == ElementType.Mac;
        return name + (isMac ? MacText.Of(test.Number.Operand) : test.Number.Operand.ToString(CultureInfo.InvariantCulture));
    }

    private static void AppendReception(StringBuilder text, FilterRule rule)
    {
        if (rule.Days != DaySet.None)
            AppendDays(text, rule.Days);
        if (rule.AfterTime is { } afterTime)
            text.Append(" after ").Append(TimeOfDay(afterTime));
        if (rule.AfterDate is { } afterDate)
            text.Append(" after date ").Append(afterDate);
        if (rule.BeforeTime is { } beforeTime)
            text.Append(" before ").Append(TimeOfDay(beforeTime));
        if (rule.BeforeDate is { } beforeDate)
            text.Append(" before date ").Append(beforeDate);
    }

    private static void Append<T>(StringBuilder text, string keyword, Clause<T>? clause, Func<T, string> print)
    {
        if (clause is { } written)
            text.Append(keyword).Append(Not(written.Negated)).Append(print(written.Value));
    }

    private static void AppendEndpoint(StringBuilder text, string keyword, EndpointClause? endpoint)
    {
        if (endpoint is not { } end)
            return;
        Append<Prefix>(text, keyword, end.Network, static network => network.ToString());
        Append(text, " port ", end.Port, static port => Number(port));
    }

    private static void AppendFlags(StringBuilder text, Clause<TcpFlagTest> flags)
    {
        text.Append(" tcp_flags");
        if (flags.Value.Mask != TcpFlagTest.AllFlags)
            text.Append(" mask ").Append(Octet(flags.Value.Mask));
        text.Append(' ').Append(Not(flags.Negated)).Append("equals ").Append(Octet(flags.Value.Flags));
    }

    private static void AppendDays(StringBuilder text, DaySet days)
    {
        string separator = " days ";
        foreach ((DaySet day, string name) in DayNames)
        {
            if ((days & day) == DaySet.None)
                continue;
            text.Append(separator).Append(name);
            separator = ",";
        }
    }

    private static string Not(bool negated) => negated ? "! " : "";

    private static string Number(uint number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Octet(byte value) => "0x" + value.ToString("x2", CultureInfo.InvariantCulture);

    private static string TimeOfDay(TimeOnly time) => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
