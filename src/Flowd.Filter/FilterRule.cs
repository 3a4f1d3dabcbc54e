using System;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>
/// One rule as it was written (flowd.conf(5), "FILTER"). A clause that is null was not written and asks nothing.
/// A rule without clauses matches every record: <c>accept all</c>.
/// </summary>
public sealed record FilterRule
{
    public FilterAction Action { get; init; }

    /// <summary>Only in rules that accept.</summary>
    public uint? Tag { get; init; }

    /// <summary>A match ends the evaluation.</summary>
    public bool Quick { get; init; }

    /// <summary>Who sent the datagram.</summary>
    public Clause<Prefix>? Agent { get; init; }

    /// <summary>SNMP ifIndex, 1 or more.</summary>
    public Clause<uint>? InputInterface { get; init; }
    public Clause<uint>? OutputInterface { get; init; }

    /// <summary>The family of the source or of the destination address.</summary>
    public Clause<AddressFamily>? Family { get; init; }
    public EndpointClause? Source { get; init; }
    public EndpointClause? Destination { get; init; }

    /// <summary>The IANA number.</summary>
    public Clause<byte>? Protocol { get; init; }
    public Clause<byte>? TypeOfService { get; init; }
    public Clause<TcpFlagTest>? TcpFlags { get; init; }

    /// <summary>Any VLAN of the flow, before or behind the router, the provider's or the customer's.</summary>
    public Clause<ushort>? Vlan { get; init; }

    /// <summary>The source's or the destination's, in the low 48 bits.</summary>
    public Clause<ulong>? Mac { get; init; }

    /// <summary>The sampling rate; 0 if it is unknown.</summary>
    public Clause<Comparison>? Sampling { get; init; }

    /// <summary>0 ingress, 1 egress.</summary>
    public Clause<byte>? Direction { get; init; }

    /// <summary>Any label of the stack.</summary>
    public Clause<uint>? MplsLabel { get; init; }
    public NatClause? Nat { get; init; }

    /// <summary>The engine in the highest octet (RFC 6759).</summary>
    public Clause<ulong>? Application { get; init; }
    public Clause<IcmpTest>? Icmp { get; init; }
    public ElementClauses Elements { get; init; } = ElementClauses.None;

    /// <summary>Days of reception, local time; None if the clause was not written.</summary>
    public DaySet Days { get; init; }

    /// <summary>Local time of day of reception; the second itself matches.</summary>
    public TimeOnly? AfterTime { get; init; }
    public TimeOnly? BeforeTime { get; init; }

    /// <summary>Local date and time of reception; the second itself does not match.</summary>
    public LocalTime? AfterDate { get; init; }
    public LocalTime? BeforeDate { get; init; }
}
