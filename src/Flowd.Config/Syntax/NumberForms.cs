using System;
using System.Collections.Generic;
using Flowd.Filter;

namespace Flowd.Config.Syntax;

/// <summary>How the numbers of a field are read.</summary>
/// <param name="What">For messages.</param>
/// <param name="Least">The smallest that there is.</param>
/// <param name="Most">The largest.</param>
/// <param name="Read">Reads one. Some have names, of which some stand for several numbers.</param>
internal sealed record NumberForm(string What, ulong Least, ulong Most, Func<ValueReader, NumberForm, NumberRange> Read);

/// <summary>The form of each <see cref="NumberField"/>; those without a row are plain numbers.</summary>
internal static class NumberForms
{
    public static readonly NumberForm Flags = new("equals", 0, byte.MaxValue, Plain);
    public static readonly NumberForm Element = new("the value", 0, ulong.MaxValue, Plain);
    public static readonly NumberForm MacElement = new("a MAC address", 0, ulong.MaxValue, static (values, _) => Single(values.ReadMac()));

    private static readonly Dictionary<NumberField, (string What, Func<ValueReader, NumberForm, NumberRange> Read)> Rows = new()
    {
        [NumberField.InputInterface] = ("an interface index", Plain),
        [NumberField.OutputInterface] = ("an interface index", Plain),
        [NumberField.SourcePort] = ("a port", Plain),
        [NumberField.DestinationPort] = ("a port", Plain),
        [NumberField.NatSourcePort] = ("a port", Plain),
        [NumberField.NatDestinationPort] = ("a port", Plain),
        [NumberField.SourceAs] = ("an AS number", Plain),
        [NumberField.DestinationAs] = ("an AS number", Plain),
        [NumberField.SourceMask] = ("a mask", Plain),
        [NumberField.DestinationMask] = ("a mask", Plain),
        [NumberField.Protocol] = ("a protocol", static (values, _) => values.ReadProtocols()),
        [NumberField.TypeOfService] = ("tos", Plain),
        [NumberField.Packets] = ("packets", static (values, form) => Single(values.ReadScaled(form, Amounts.Thousands))),
        [NumberField.Octets] = ("octets", static (values, form) => Single(values.ReadScaled(form, Amounts.Octets))),
        [NumberField.Duration] = ("a duration", static (values, _) => Single(values.ReadFlowDuration())),
        [NumberField.BitRate] = ("bps", static (values, form) => Single(values.ReadScaled(form, Amounts.Thousands))),
        [NumberField.PacketRate] = ("pps", static (values, form) => Single(values.ReadScaled(form, Amounts.Thousands))),
        [NumberField.Version] = ("a version", static (values, form) => values.ReadVersion(form)),
        [NumberField.Sampling] = ("a sampling rate", Plain),
        [NumberField.Direction] = ("a direction", static (values, _) => Single(values.ReadDirection())),
        [NumberField.Vlan] = ("a VLAN", Plain),
        [NumberField.Mac] = ("a MAC address", static (values, _) => Single(values.ReadMac())),
        [NumberField.MplsLabel] = ("a label", Plain),
        [NumberField.Application] = ("an application", static (values, _) => Single(values.ReadApplication())),
        [NumberField.IcmpType] = ("the type", Plain),
        [NumberField.IcmpCode] = ("the code", Plain),
    };

    public static NumberForm Of(NumberField field)
    {
        NumberFieldInfo info = NumberFields.Of(field);
        (string what, Func<ValueReader, NumberForm, NumberRange> read) = Rows[field];
        return new NumberForm(what, info.Least, info.Most, read);
    }

    private static NumberRange Plain(ValueReader values, NumberForm form) => Single(values.ReadNumber(form.What, form.Least, form.Most));

    private static NumberRange Single(ulong number) => new(number, number);
}
