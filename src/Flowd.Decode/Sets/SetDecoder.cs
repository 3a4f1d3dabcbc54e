using System;

namespace Flowd.Decode.Sets;

/// <summary>
/// Messages made of sets. A bad set does not spoil its neighbours: set lengths keep us in step, and what was whole before the damage is
/// kept.
/// </summary>
internal sealed class SetDecoder(SetDialect dialect) : MessageDecoder
{
    private const int SetHeaderLength = 4;

    private readonly TemplateSetReader _templates = new(dialect);

    public override void Decode(ReadOnlySpan<byte> datagram, DecodeContext context)
    {
        var reader = new WireReader(datagram);
        do
        {
            if (!TryReadMessage(ref reader, context))
                return;
        }
        while (FollowedByMessage(reader.Rest));

        if (reader.AtEnd)
            return;
        context.Layout.AddRest(datagram.Length - reader.Remaining, reader.Remaining);
        context.Report(DecodeError.TrailingOctets);
    }

    // False if the header is not valid.
    private bool TryReadMessage(ref WireReader reader, DecodeContext context)
    {
        if (!reader.TryTake(dialect.HeaderLength, out ReadOnlySpan<byte> wire))
        {
            context.Report(DecodeError.Truncated);
            return false;
        }

        MessageHeader header = dialect.ReadHeader(wire);
        if (dialect.IsIpfix && header.Announced < dialect.HeaderLength)
        {
            context.Report(DecodeError.LengthMismatch);
            return false;
        }

        context.Admit(dialect.Version);
        context.BeginMessage(header);
        context.EnterStream(header.Domain);
        int length = dialect.IsIpfix ? header.Announced - dialect.HeaderLength : reader.Remaining;
        if (length > reader.Remaining)
        {
            context.Report(DecodeError.LengthMismatch);
            length = reader.Remaining;
        }

        reader.TryTakeReader(length, out WireReader sets);
        var message = new SetMessage(dialect, header, context) { End = context.Layout.DatagramLength - reader.Remaining };
        ReadSets(ref sets, ref message);
        message.CheckCount();
        uint units = dialect.IsIpfix ? (uint)message.Records : 1;
        context.LeaveStream(dialect.HeaderLength + length, units, flows: (uint)(message.Records - message.Options));
        return true;
    }

    private void ReadSets(ref WireReader sets, ref SetMessage message)
    {
        while (!sets.AtEnd && !message.Context.IsBatchFull)
        {
            if (!sets.TryReadUInt16(out ushort id) || !sets.TryReadUInt16(out ushort length))
            {
                message.Report(DecodeError.Truncated);
                return;
            }

            if (length < SetHeaderLength)
            {
                int rest = SetHeaderLength + sets.Remaining;
                message.Context.Layout.AddRest(message.End - rest, rest);
                message.Report(DecodeError.BadSetLength);
                return;
            }

            if (!sets.TryTakeReader(length - SetHeaderLength, out WireReader set))
            {
                message.Report(DecodeError.Truncated);
                return;
            }

            message.SetOffset = message.End - sets.Remaining - set.Remaining;
            ReadSet(id, ref set, ref message);
        }
    }

    private void ReadSet(ushort id, ref WireReader set, ref SetMessage message)
    {
        if (id >= SetDialect.FirstDataSet)
            DataSetReader.Read(id, ref set, ref message);
        else if (id == dialect.TemplateSet || id == dialect.OptionsTemplateSet)
            _templates.Read(ref set, isOptions: id == dialect.OptionsTemplateSet, ref message);
        else
            message.Report(DecodeError.ReservedSet);
    }

    // Senders may put several IPFIX messages into one datagram; v9 has no length that would tell where the next begins.
    private bool FollowedByMessage(ReadOnlySpan<byte> rest)
        => dialect.IsIpfix && rest.Length >= dialect.HeaderLength && rest[0] == 0 && rest[1] == dialect.Version
            && dialect.ReadHeader(rest).Announced >= dialect.HeaderLength;
}
