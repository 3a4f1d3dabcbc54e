using System;
using Flowd.Records;

namespace Flowd.Sinks;

/// <summary>The parts of what version 3.1 of the log adds, which the original does not print.</summary>
public static partial class FlowText
{
    private const ulong Giga = 1_000_000_000;

    private static readonly Part[] ExtendedParts =
    [
        new(LogFields.FlowTimesAbs, PutAbsoluteTimes),
        new(LogFields.Sampling, PutSampling),
        new(LogFields.Layer2, PutLayer2),
        new(LogFields.Status, PutStatus),
        new(LogFields.Nat, PutNat),
        new(LogFields.Mpls, PutMpls),
        new(LogFields.Reverse, PutReverse),
        new(LogFields.Application, PutApplication),
        new(LogFields.Bgp, PutBgp),
        new(LogFields.Exporter, PutOrigin),
    ];

    private static void PutAbsoluteTimes(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        line.Add("start_time "u8);
        PutInstant(line, time, record.FlowStartNanoseconds);
        line.Add(" finish_time "u8);
        PutInstant(line, time, record.FlowFinishNanoseconds);
    }

    private static void PutSampling(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        PutNumber(line, "sampling 1:"u8, record.Sampling.Rate);
        PutNumber(line, " algorithm "u8, record.Sampling.Algorithm);
        line.Add(" by "u8);
        line.Add(FlowJson.NameOf(record.Sampling.Source));
        PutNumber(line, " selector "u8, record.Sampling.Selector);
    }

    private static void PutLayer2(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        line.Add("src_mac "u8);
        ElementText.AddMac(line, record.Layer2.SourceMac);
        line.Add(" dst_mac "u8);
        ElementText.AddMac(line, record.Layer2.DestinationMac);
        PutNumber(line, " vlan "u8, record.Layer2.Vlan);
        PutNumber(line, " post_vlan "u8, record.Layer2.PostVlan);
        PutNumber(line, " customer_vlan "u8, record.Layer2.CustomerVlan);
        PutNumber(line, " post_customer_vlan "u8, record.Layer2.PostCustomerVlan);
        line.Add(" ethertype "u8);
        line.AddHex(record.Layer2.EtherType, 4);
    }

    private static void PutStatus(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        PutNumber(line, "ip_version "u8, record.Status.IpVersion);
        PutNumber(line, " direction "u8, record.Status.Direction);
        PutNumber(line, " end_reason "u8, record.Status.EndReason);
        PutNumber(line, " forwarding_status "u8, record.Status.ForwardingStatus);
        PutNumber(line, " icmp "u8, record.Status.IcmpType);
        PutNumber(line, "/"u8, record.Status.IcmpCode);
        PutNumber(line, " ttl "u8, record.Status.MinimumTtl);
        PutNumber(line, "-"u8, record.Status.MaximumTtl);
        line.Add(" tcp_control_bits "u8);
        line.AddHex(record.Status.TcpFlags, 4);
        line.Add(" fragment_flags "u8);
        line.AddHex(record.Status.FragmentFlags, 2);
    }

    private static void PutNat(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        PutAddress(line, "post_src ["u8, in record.Nat.PostSource);
        PutNumber(line, ":"u8, record.Nat.PostSourcePort);
        PutAddress(line, " post_dst ["u8, in record.Nat.PostDestination);
        PutNumber(line, ":"u8, record.Nat.PostDestinationPort);
        PutNumber(line, " nat_event "u8, record.Nat.Event);
    }

    // label/exp/ttl of each entry
    private static void PutMpls(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        line.Add("mpls"u8);
        for (int i = 0; i < MplsLabels.Length && record.Mpls[i] is not 0 and var entry; i++)
        {
            PutNumber(line, " "u8, MplsLabels.LabelOf(entry));
            PutNumber(line, "/"u8, MplsLabels.ExperimentalOf(entry));
            PutNumber(line, "/"u8, entry & 0xFF);
        }
    }

    private static void PutReverse(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        PutNumber(line, "reverse_packets "u8, record.ReversePackets);
        PutNumber(line, " reverse_octets "u8, record.ReverseOctets);
    }

    // Engine and selector, as RFC 6759 prints them.
    private static void PutApplication(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        PutNumber(line, "application "u8, record.ApplicationId >> 56);
        PutNumber(line, ":"u8, record.ApplicationId & (1ul << 56) - 1);
    }

    private static void PutBgp(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        PutAddress(line, "bgp_next_hop ["u8, in record.Bgp.NextHop);
        PutNumber(line, " next_AS "u8, record.Bgp.NextAdjacentAs);
        PutNumber(line, " prev_AS "u8, record.Bgp.PreviousAdjacentAs);
    }

    private static void PutOrigin(Utf8Buffer line, in FlowRecord record, TimeText time)
    {
        PutAddress(line, "original_exporter ["u8, in record.Origin.Exporter);
        PutNumber(line, " domain "u8, record.Origin.ObservationDomain);
        PutNumber(line, " vrf_in "u8, record.Origin.VrfIn);
        PutNumber(line, " vrf_out "u8, record.Origin.VrfOut);
    }

    private static void PutOther(Utf8Buffer line, ReadOnlySpan<byte> elements)
    {
        for (var rest = new OtherElements(elements); rest.TryRead(out uint enterprise, out ushort id, out ReadOnlySpan<byte> value);)
        {
            ElementText.AddName(line, enterprise, id);
            line.Add((byte)' ');
            ElementText.AddValue(line, enterprise, id, value);
            line.Add((byte)' ');
        }
    }

    private static void PutInstant(Utf8Buffer line, TimeText time, ulong nanoseconds)
    {
        if (nanoseconds == 0)
        {
            line.Add("unknown"u8);
            return;
        }

        line.Add(time.Local((uint)Math.Min(nanoseconds / Giga, uint.MaxValue)));
        line.Add((byte)'.');
        line.AddPadded((long)(nanoseconds % Giga), 9);
    }
}
