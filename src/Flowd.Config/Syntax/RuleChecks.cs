using System;
using Flowd.Config.Text;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Config.Syntax;

/// <summary>What the clauses of one rule ask of each other. A negated clause is checked by its value, as flowd 0.9.1 does.</summary>
internal static class RuleChecks
{
    private const byte Tcp = 6;
    private const byte Udp = 17;

    // The clause to complain about, when, and how.
    private static readonly (string Keyword, Func<FilterRule, bool> IsWrong, string Message)[] Checks =
    [
        ("tag", static rule => rule.Tag is not null && rule.Action == FilterAction.Discard, "a discard rule cannot tag"),
        ("src", static rule => rule.Source?.Port is not null && !HasPorts(rule), "\"port\" needs \"proto tcp\" or \"proto udp\""),
        ("dst", static rule => rule.Destination?.Port is not null && !HasPorts(rule), "\"port\" needs \"proto tcp\" or \"proto udp\""),
        ("dst", static rule => Differ(FamilyOf(rule.Source), FamilyOf(rule.Destination)), "\"src\" and \"dst\" are of different address families"),
        ("src", static rule => Differ(rule.Family?.Value, FamilyOf(rule.Source)), "\"src\" is not of the address family of the rule"),
        ("dst", static rule => Differ(rule.Family?.Value, FamilyOf(rule.Destination)), "\"dst\" is not of the address family of the rule"),
        ("tcp_flags", static rule => rule.TcpFlags is not null && rule.Protocol?.Value != Tcp, "\"tcp_flags\" needs \"proto tcp\""),
        ("before", static rule => rule.AfterTime >= rule.BeforeTime, "\"before\" must be later than \"after\""),
        ("before", static rule => rule.AfterDate >= rule.BeforeDate, "\"before\" must be later than \"after\""),
    ];

    public static void Run(FilterRule rule, Func<string, Token> positionOf, TokenStream tokens)
    {
        foreach ((string keyword, Func<FilterRule, bool> isWrong, string message) in Checks)
        {
            if (isWrong(rule))
                tokens.Report(positionOf(keyword), message);
        }
    }

    private static bool HasPorts(FilterRule rule) => rule.Protocol?.Value is Tcp or Udp;

    // Null for "any" and for no clause: nothing to differ from.
    private static AddressFamily? FamilyOf(EndpointClause? endpoint)
        => endpoint is { Network.Value: { IsAny: false } network } ? network.Address.Family : null;

    private static bool Differ(AddressFamily? one, AddressFamily? other) => one is not null && other is not null && one != other;
}
