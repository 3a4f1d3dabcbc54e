using System;
using Flowd.Decode.Packets;
using Flowd.Records;

namespace Flowd.Decode.Sets;

/// <summary>A record while its elements are read: most go to their place at once, the rest waits here until all are known.</summary>
internal ref struct RecordDraft
{
    private const ulong LeastEpochMilliseconds = 1ul << 40; // in 2004; an uptime of 34 years
    private const ulong MostEpochMilliseconds = uint.MaxValue * 1000ul;

    public ref FlowRecord Record;

    public uint SourceIPv4;
    public uint DestinationIPv4;
    public uint NextHopIPv4;
    public Address SourceIPv6;
    public Address DestinationIPv6;
    public Address NextHopIPv6;
    public byte SourceMaskIPv4;
    public byte DestinationMaskIPv4;
    public byte SourceMaskIPv6;
    public byte DestinationMaskIPv6;

    /// <summary>Nanoseconds since 1970; see <see cref="EpochTime"/>.</summary>
    public long FlowStart;
    public long FlowFinish;
    public long SystemInit;

    /// <summary>The same, where they came in the place of uptimes; 0 if they did not.</summary>
    public long WideFlowStart;
    public long WideFlowFinish;
    public long EventTime;

    /// <summary>Microseconds before the export.</summary>
    public uint StartDelta;
    public uint FinishDelta;

    /// <summary>Nanoseconds.</summary>
    public long Duration;

    /// <summary>
    /// An uptime in ms, which wraps at 32 bits like that of the header. Exporters that send 64 bits mean the same, or the time since 1970, which is no uptime
    /// that anything has.
    /// </summary>
    public void SetFlowStart(ReadOnlySpan<byte> octets)
    {
        Record.FlowStart = WireValue.UInt32(octets);
        if (octets.Length > sizeof(uint))
            WideFlowStart = TimeOf(octets);
    }

    public void SetFlowFinish(ReadOnlySpan<byte> octets)
    {
        Record.FlowFinish = WireValue.UInt32(octets);
        if (octets.Length > sizeof(uint))
            WideFlowFinish = TimeOf(octets);
    }

    private static long TimeOf(ReadOnlySpan<byte> octets)
        => WireValue.Number(octets) is >= LeastEpochMilliseconds and <= MostEpochMilliseconds and var time ? (long)time * EpochTime.Millisecond : 0;

    public readonly void SetTcpFlags(ushort flags)
    {
        Record.TcpFlags = (byte)(flags & 0xFF);
        Record.Status.TcpFlags = flags;
        Record.Fields |= LogFields.Status;
    }

    /// <summary>A sampled packet instead of a flow: what its headers tell, as in sFlow.</summary>
    public readonly void TakeFrame(ReadOnlySpan<byte> octets) => new PacketParser(octets, ref Record).TryParse((uint)HeaderProtocol.Ethernet);

    public readonly void SetTtl(byte ttl) => (Record.Status.MinimumTtl, Record.Status.MaximumTtl) = (ttl, ttl);

    /// <summary>Settles what depends on several elements of the template.</summary>
    /// <param name="plan">The plan that the elements were read by.</param>
    /// <param name="clock">What the header told of the agent's clock.</param>
    public void Finish(TemplatePlan plan, in AgentClock clock)
    {
        FieldSet present = plan.Present;
        bool isSet4 = (SourceIPv4 | DestinationIPv4) != 0;
        bool isSet6 = (SourceIPv6.High | SourceIPv6.Low | DestinationIPv6.High | DestinationIPv6.Low) != 0;
        bool isIPv6 = ChooseIPv6(plan, FieldSets.AddressesIPv4, FieldSets.AddressesIPv6, isSet4, isSet6);
        if (isIPv6)
            TakeIPv6(present);
        else
            TakeIPv4(present);
        TakeMasks(present, isIPv6);
        TakeNextHop(plan);
        if (present.Has(FlowField.Frame) && !present.Has(FlowField.Packets))
        {
            Record.Packets = 1;
            Record.Fields |= LogFields.Packets;
        }

        if (present.HasAny(FieldSets.Times))
            FlowTimes.Settle(ref this, present, in clock);
        if (!present.HasAny(FieldSets.Icmp))
            TakeIcmpFromPort(present);
    }

    // Exporters of NetFlow v5 have no other place for it, and those of v9 and IPFIX keep to it.
    private readonly void TakeIcmpFromPort(FieldSet present)
    {
        if ((IpProtocol)Record.Protocol is not (IpProtocol.Icmp or IpProtocol.IcmpForIPv6) || !present.Has(FlowField.DestinationPort) || !present.Has(FlowField.Protocol))
            return;
        Record.Status.SetIcmp(Record.DestinationPort);
        Record.Fields |= LogFields.Status;
    }

    private void TakeIPv4(FieldSet present)
    {
        if (present.Has(FlowField.SourceIPv4))
            Set(LogFields.SrcAddr4, ref Record.SourceAddress, Address.FromIPv4(SourceIPv4));
        if (present.Has(FlowField.DestinationIPv4))
            Set(LogFields.DstAddr4, ref Record.DestinationAddress, Address.FromIPv4(DestinationIPv4));
    }

    private void TakeIPv6(FieldSet present)
    {
        if (present.Has(FlowField.SourceIPv6))
            Set(LogFields.SrcAddr6, ref Record.SourceAddress, SourceIPv6);
        if (present.Has(FlowField.DestinationIPv6))
            Set(LogFields.DstAddr6, ref Record.DestinationAddress, DestinationIPv6);
    }

    // Some exporters give IPv6 flows the lengths under the numbers of IPv4, so what is there once counts for both families.
    private void TakeMasks(FieldSet present, bool isIPv6)
    {
        bool hasSource6 = present.Has(FlowField.SourceMaskIPv6);
        bool hasSource4 = present.Has(FlowField.SourceMaskIPv4);
        Record.SourceMask = hasSource6 && (isIPv6 || !hasSource4) ? SourceMaskIPv6 : SourceMaskIPv4;
        bool hasDestination6 = present.Has(FlowField.DestinationMaskIPv6);
        bool hasDestination4 = present.Has(FlowField.DestinationMaskIPv4);
        Record.DestinationMask = hasDestination6 && (isIPv6 || !hasDestination4) ? DestinationMaskIPv6 : DestinationMaskIPv4;
    }

    private void TakeNextHop(TemplatePlan plan)
    {
        if (!plan.Present.Has(FlowField.NextHopIPv4) && !plan.Present.Has(FlowField.NextHopIPv6))
            return;
        if (ChooseIPv6(plan, FieldSets.NextHopsIPv4, FieldSets.NextHopsIPv6, NextHopIPv4 != 0, (NextHopIPv6.High | NextHopIPv6.Low) != 0))
            Set(LogFields.GatewayAddr6, ref Record.GatewayAddress, NextHopIPv6);
        else
            Set(LogFields.GatewayAddr4, ref Record.GatewayAddress, Address.FromIPv4(NextHopIPv4));
    }

    // A template with both families serves flows of both: the one that ipVersion names, else the one that is not all zero. If neither is,
    // it is about a tunnel, and the outer header comes first.
    private readonly bool ChooseIPv6(TemplatePlan plan, FieldSet fields4, FieldSet fields6, bool isSet4, bool isSet6)
    {
        bool has4 = plan.Present.HasAny(fields4);
        bool has6 = plan.Present.HasAny(fields6);
        if (!has4 || !has6)
            return has6;
        return Record.Status.IpVersion switch { 4 => false, 6 => true, _ => isSet4 && isSet6 ? plan.IsIPv6First : isSet6 };
    }

    private readonly void Set(LogFields section, ref Address field, in Address value)
    {
        Record.Fields |= section;
        field = value;
    }
}
