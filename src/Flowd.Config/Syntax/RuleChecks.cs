using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Config.Text;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Config.Syntax;

/// <summary>
/// What the conditions of one rule ask of each other: those that stand beside each other, and those around them. A negated one is checked by its value, as
/// flowd 0.9.1 does.
/// </summary>
internal static class RuleChecks
{
    private static readonly RangeSet Tcp = RangeSet.Of(6);

    /// <summary>TCP, UDP, DCCP, SCTP and UDP-Lite.</summary>
    private static readonly RangeSet WithPorts = RangeSet.Of(6, 17, 33, 132, 136);

    public static void Run(Condition when, Func<Condition, Token> positionOf, TokenStream tokens)
    {
        var said = new HashSet<(int, string)>(); // some clauses come to several conditions
        Check(when, [], (at, message) =>
        {
            Token position = positionOf(at);
            if (said.Add((position.Offset, message)))
                tokens.Report(position, message);
        });
    }

    // Around: what must hold as well.
    private static void Check(Condition condition, Condition[] around, Action<Condition, string> report)
    {
        Condition[] beside = [.. condition is AllOf all ? all.Parts : [condition]];
        Condition[] known = [.. around, .. beside];
        foreach (Condition part in beside)
            CheckProtocol(part is Not not ? not.Part : part, known, report);
        CheckFamilies([.. beside.Select(part => part is Not not ? not.Part : part)], report);
        foreach (Condition group in beside.Select(part => part is Not not ? not.Part : part))
        {
            if (group is AllOf)
                Check(group, known, report);
            foreach (Condition alternative in group is AnyOf any ? any.Parts : [])
                Check(alternative, known, report);
        }
    }

    private static void CheckProtocol(Condition part, Condition[] known, Action<Condition, string> report)
    {
        if (part is NumberIn { Field: NumberField.SourcePort or NumberField.DestinationPort } && !Array.Exists(known, other => IsWithin(other, WithPorts)))
            report(part, "\"port\" needs \"proto tcp\" or \"proto udp\"");
        if (part is FlagsIn && !Array.Exists(known, other => IsWithin(other, Tcp)))
            report(part, "\"tcp_flags\" needs \"proto tcp\"");
    }

    private static bool IsWithin(Condition condition, RangeSet protocols) => condition switch
    {
        NumberIn { Field: NumberField.Protocol } number => number.Numbers.IsWithin(protocols),
        Not not => IsWithin(not.Part, protocols),
        AllOf all => all.Parts.Any(part => IsWithin(part, protocols)),
        AnyOf any => any.Parts.All(part => IsWithin(part, protocols)),
        _ => false,
    };

    private static void CheckFamilies(Condition[] beside, Action<Condition, string> report)
    {
        AddressFamily family = beside.OfType<FamilyIs>().FirstOrDefault()?.Family ?? AddressFamily.None;
        AddressIn? source = Array.Find(beside, part => part is AddressIn { Field: AddressField.Source }) as AddressIn;
        AddressIn? destination = Array.Find(beside, part => part is AddressIn { Field: AddressField.Destination }) as AddressIn;
        if (Differ(FamilyOf(source), FamilyOf(destination)))
            report(destination!, "\"src\" and \"dst\" are of different address families");
        if (Differ(family, FamilyOf(source)))
            report(source!, "\"src\" is not of the address family of the rule");
        if (Differ(family, FamilyOf(destination)))
            report(destination!, "\"dst\" is not of the address family of the rule");
    }

    // None for "any", for a list of both, and for a table, which may become anything: nothing to differ from.
    private static AddressFamily FamilyOf(AddressIn? address) => address is { Table: null } ? address.Prefixes.Family : AddressFamily.None;

    private static bool Differ(AddressFamily one, AddressFamily other) => one != AddressFamily.None && other != AddressFamily.None && one != other;
}
