using Flowd.Records;

namespace Flowd.Decode.Sets;

/// <summary>A record while its elements are read: most go to their place at once, the rest waits here until all are known.</summary>
internal ref struct RecordDraft(ref FlowRecord record)
{
    public ref FlowRecord Record = ref record;

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
    public byte IpVersion;

    /// <summary>Milliseconds since 1970; see <see cref="EpochTime"/>.</summary>
    public long FlowStart;
    public long FlowFinish;
    public long SystemInit;

    /// <summary>Settles what depends on several elements of the template.</summary>
    /// <param name="plan">The plan that the elements were read by.</param>
    /// <param name="boot">When the agent booted, in ms since 1970, if the header told; else <see cref="EpochTime.Invalid"/>.</param>
    public void Finish(TemplatePlan plan, long boot)
    {
        FlowField present = plan.Present;
        bool isSet4 = (SourceIPv4 | DestinationIPv4) != 0;
        bool isSet6 = (SourceIPv6.High | SourceIPv6.Low | DestinationIPv6.High | DestinationIPv6.Low) != 0;
        bool isIPv6 = ChooseIPv6(plan, FlowField.AddressesIPv4, FlowField.AddressesIPv6, isSet4, isSet6);
        if (isIPv6)
            TakeIPv6(present);
        else
            TakeIPv4(present);
        TakeMasks(present, isIPv6);
        TakeNextHop(plan);
        TakeAbsoluteTimes(present, boot);
    }

    private void TakeIPv4(FlowField present)
    {
        if ((present & FlowField.SourceIPv4) != 0)
            Set(LogFields.SrcAddr4, ref Record.SourceAddress, Address.FromIPv4(SourceIPv4));
        if ((present & FlowField.DestinationIPv4) != 0)
            Set(LogFields.DstAddr4, ref Record.DestinationAddress, Address.FromIPv4(DestinationIPv4));
    }

    private void TakeIPv6(FlowField present)
    {
        if ((present & FlowField.SourceIPv6) != 0)
            Set(LogFields.SrcAddr6, ref Record.SourceAddress, SourceIPv6);
        if ((present & FlowField.DestinationIPv6) != 0)
            Set(LogFields.DstAddr6, ref Record.DestinationAddress, DestinationIPv6);
    }

    // Some exporters give IPv6 flows the lengths under the numbers of IPv4, so what is there once counts for both families.
    private void TakeMasks(FlowField present, bool isIPv6)
    {
        bool hasSource6 = (present & FlowField.SourceMaskIPv6) != 0;
        bool hasSource4 = (present & FlowField.SourceMaskIPv4) != 0;
        Record.SourceMask = hasSource6 && (isIPv6 || !hasSource4) ? SourceMaskIPv6 : SourceMaskIPv4;
        bool hasDestination6 = (present & FlowField.DestinationMaskIPv6) != 0;
        bool hasDestination4 = (present & FlowField.DestinationMaskIPv4) != 0;
        Record.DestinationMask = hasDestination6 && (isIPv6 || !hasDestination4) ? DestinationMaskIPv6 : DestinationMaskIPv4;
    }

    private void TakeNextHop(TemplatePlan plan)
    {
        if ((plan.Present & (FlowField.NextHopIPv4 | FlowField.NextHopIPv6)) == 0)
            return;
        if (ChooseIPv6(plan, FlowField.NextHopIPv4, FlowField.NextHopIPv6, NextHopIPv4 != 0, (NextHopIPv6.High | NextHopIPv6.Low) != 0))
            Set(LogFields.GatewayAddr6, ref Record.GatewayAddress, NextHopIPv6);
        else
            Set(LogFields.GatewayAddr4, ref Record.GatewayAddress, Address.FromIPv4(NextHopIPv4));
    }

    // Version 3.0 of the log knows times only as uptime, so an absolute time is kept only where the boot is known.
    private void TakeAbsoluteTimes(FlowField present, long boot)
    {
        if ((present & FlowField.SystemInitTime) != 0)
        {
            boot = SystemInit;
            if (EpochTime.TryGetUptime(Record.ExportSeconds * 1000L, boot, out uint now))
                Record.SystemUptime = now;
        }

        if ((present & FlowField.AbsoluteTimes) != FlowField.AbsoluteTimes || (present & FlowField.UptimeTimes) != 0)
            return;
        if (!EpochTime.TryGetUptime(FlowStart, boot, out uint start) || !EpochTime.TryGetUptime(FlowFinish, boot, out uint finish))
            return;
        Record.Fields |= LogFields.FlowTimes;
        Record.FlowStart = start;
        Record.FlowFinish = finish;
    }

    // A template with both families serves flows of both: the one that ipVersion names, else the one that is not all zero. If neither is,
    // it is about a tunnel, and the outer header comes first.
    private readonly bool ChooseIPv6(TemplatePlan plan, FlowField fields4, FlowField fields6, bool isSet4, bool isSet6)
    {
        bool has4 = (plan.Present & fields4) != 0;
        bool has6 = (plan.Present & fields6) != 0;
        if (!has4 || !has6)
            return has6;
        return IpVersion switch { 4 => false, 6 => true, _ => isSet4 && isSet6 ? plan.IsIPv6First : isSet6 };
    }

    private readonly void Set(LogFields section, ref Address field, in Address value)
    {
        Record.Fields |= section;
        field = value;
    }
}
