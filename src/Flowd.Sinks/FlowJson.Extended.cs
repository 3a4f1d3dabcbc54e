using System;
using Flowd.Records;

namespace Flowd.Sinks;

/// <summary>The keys of what version 3.1 of the log adds.</summary>
public static partial class FlowJson
{
    private const ulong Giga = 1_000_000_000;

    private static readonly string[] SamplingSources = ["none", "record", "options", "header", "configuration"];

    private static readonly Key[] ExtendedKeys =
    [
        Of(LogFields.FlowTimesAbs, "flow_start", static (Utf8Buffer l, in FlowRecord r, TimeText t) => PutInstant(l, t, r.FlowStartNanoseconds)),
        Of(LogFields.FlowTimesAbs, "flow_finish", static (Utf8Buffer l, in FlowRecord r, TimeText t) => PutInstant(l, t, r.FlowFinishNanoseconds)),
        Of(LogFields.Sampling, "sampling_rate", static (in FlowRecord r) => r.Sampling.Rate),
        Of(LogFields.Sampling, "sampling_algorithm", static (in FlowRecord r) => r.Sampling.Algorithm),
        Of(LogFields.Sampling, "sampling_source", static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutText(l, NameOf(r.Sampling.Source))),
        Of(LogFields.Sampling, "sampling_selector", static (in FlowRecord r) => r.Sampling.Selector),
        Of(LogFields.Layer2, "src_mac", static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutMac(l, r.Layer2.SourceMac)),
        Of(LogFields.Layer2, "dst_mac", static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutMac(l, r.Layer2.DestinationMac)),
        Of(LogFields.Layer2, "vlan", static (in FlowRecord r) => r.Layer2.Vlan),
        Of(LogFields.Layer2, "post_vlan", static (in FlowRecord r) => r.Layer2.PostVlan),
        Of(LogFields.Layer2, "customer_vlan", static (in FlowRecord r) => r.Layer2.CustomerVlan),
        Of(LogFields.Layer2, "post_customer_vlan", static (in FlowRecord r) => r.Layer2.PostCustomerVlan),
        Of(LogFields.Layer2, "ethertype", static (in FlowRecord r) => r.Layer2.EtherType),
        Of(LogFields.Status, "ip_version", static (in FlowRecord r) => r.Status.IpVersion),
        Of(LogFields.Status, "direction", static (in FlowRecord r) => r.Status.Direction),
        Of(LogFields.Status, "end_reason", static (in FlowRecord r) => r.Status.EndReason),
        Of(LogFields.Status, "forwarding_status", static (in FlowRecord r) => r.Status.ForwardingStatus),
        Of(LogFields.Status, "icmp_type", static (in FlowRecord r) => r.Status.IcmpType),
        Of(LogFields.Status, "icmp_code", static (in FlowRecord r) => r.Status.IcmpCode),
        Of(LogFields.Status, "min_ttl", static (in FlowRecord r) => r.Status.MinimumTtl),
        Of(LogFields.Status, "max_ttl", static (in FlowRecord r) => r.Status.MaximumTtl),
        Of(LogFields.Status, "tcp_control_bits", static (in FlowRecord r) => r.Status.TcpFlags),
        Of(LogFields.Status, "fragment_flags", static (in FlowRecord r) => r.Status.FragmentFlags),
        Of(LogFields.Nat, "post_src", static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutAddressOrNull(l, in r.Nat.PostSource)),
        Of(LogFields.Nat, "post_src_port", static (in FlowRecord r) => r.Nat.PostSourcePort),
        Of(LogFields.Nat, "post_dst", static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutAddressOrNull(l, in r.Nat.PostDestination)),
        Of(LogFields.Nat, "post_dst_port", static (in FlowRecord r) => r.Nat.PostDestinationPort),
        Of(LogFields.Nat, "nat_event", static (in FlowRecord r) => r.Nat.Event),
        Of(LogFields.Mpls, "mpls_labels", static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutLabels(l, in r.Mpls)),
        Of(LogFields.Reverse, "reverse_packets", static (in FlowRecord r) => r.ReversePackets),
        Of(LogFields.Reverse, "reverse_octets", static (in FlowRecord r) => r.ReverseOctets),
        Of(LogFields.Application, "application_id", static (in FlowRecord r) => r.ApplicationId),
        Of(LogFields.Bgp, "bgp_next_hop", static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutAddressOrNull(l, in r.Bgp.NextHop)),
        Of(LogFields.Bgp, "next_adjacent_as", static (in FlowRecord r) => r.Bgp.NextAdjacentAs),
        Of(LogFields.Bgp, "prev_adjacent_as", static (in FlowRecord r) => r.Bgp.PreviousAdjacentAs),
        Of(LogFields.Exporter, "original_exporter", static (Utf8Buffer l, in FlowRecord r, TimeText _) => PutAddressOrNull(l, in r.Origin.Exporter)),
        Of(LogFields.Exporter, "observation_domain", static (in FlowRecord r) => r.Origin.ObservationDomain),
        Of(LogFields.Exporter, "vrf_in", static (in FlowRecord r) => r.Origin.VrfIn),
        Of(LogFields.Exporter, "vrf_out", static (in FlowRecord r) => r.Origin.VrfOut),
    ];

    internal static string NameOf(SamplingSource source) => (int)source < SamplingSources.Length ? SamplingSources[(int)source] : SamplingSources[0];

    private static void PutOther(Utf8Buffer line, ReadOnlySpan<byte> elements)
    {
        line.Add(",\"other\":["u8);
        byte before = 0;
        for (var rest = new OtherElements(elements); rest.TryRead(out uint enterprise, out ushort id, out ReadOnlySpan<byte> value); before = (byte)',')
        {
            if (before != 0)
                line.Add(before);
            line.Add("{\"name\":\""u8);
            ElementText.AddName(line, enterprise, id);
            line.Add("\",\"enterprise\":"u8);
            line.AddNumber((ulong)enterprise);
            line.Add(",\"id\":"u8);
            line.AddNumber((ulong)id);
            line.Add(",\"value\":"u8);
            ElementText.AddValue(line, enterprise, id, value);
            line.Add((byte)'}');
        }

        line.Add((byte)']');
    }

    // 0 is unknown.
    private static void PutInstant(Utf8Buffer line, TimeText time, ulong nanoseconds)
    {
        if (nanoseconds == 0)
            line.Add("null"u8);
        else
            PutTime(line, time, (uint)Math.Min(nanoseconds / Giga, uint.MaxValue), (uint)(nanoseconds % Giga), 9);
    }

    private static void PutMac(Utf8Buffer line, ulong mac)
    {
        line.Add((byte)'"');
        ElementText.AddMac(line, mac);
        line.Add((byte)'"');
    }

    private static void PutText(Utf8Buffer line, string text)
    {
        line.Add((byte)'"');
        line.Add(text);
        line.Add((byte)'"');
    }

    internal static void PutAddressOrNull(Utf8Buffer line, in Address address)
    {
        if (address.Family == AddressFamily.None)
            line.Add("null"u8);
        else
            PutAddress(line, in address);
    }

    // The labels alone, from the top of the stack to its bottom.
    private static void PutLabels(Utf8Buffer line, in MplsLabels labels)
    {
        line.Add((byte)'[');
        for (int i = 0; i < MplsLabels.Length && labels[i] != 0; i++)
        {
            if (i > 0)
                line.Add((byte)',');
            line.AddNumber((ulong)MplsLabels.LabelOf(labels[i]));
        }

        line.Add((byte)']');
    }
}
