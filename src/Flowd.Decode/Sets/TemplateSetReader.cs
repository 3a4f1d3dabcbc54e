using System;
using Flowd.Decode.State;

namespace Flowd.Decode.Sets;

/// <summary>
/// Sets of templates and of options templates. An invalid definition is counted, and ends the one that was in force under its identifier:
/// reading data by a layout that their sender gave up would store wrong values.
/// </summary>
internal sealed class TemplateSetReader(SetDialect dialect)
{
    private const int HeadLength = 4;

    public void Read(ref WireReader set, bool isOptions, ref SetMessage message)
    {
        // Up to three octets of anything, or any number of zeros, are padding. A template identifier is never zero.
        int padding = set.ZeroTail;
        while (set.Remaining >= HeadLength && set.Remaining > padding)
        {
            if (!TryReadTemplate(ref set, isOptions, ref message))
                return;
        }
    }

    // False if the next template cannot be found.
    private bool TryReadTemplate(ref WireReader set, bool isOptions, ref SetMessage message)
    {
        if (!set.TryReadUInt16(out ushort id))
            return false;
        var key = new TemplateKey(message.Scope, id);
        bool isHeadWhole = TryReadHead(ref set, id, isOptions, out TemplateHead head);
        if (isHeadWhole && head.FieldCount == 0 && dialect.IsIpfix)
        {
            Withdraw(head, ref message);
            return true;
        }

        bool isWhole = isHeadWhole && (!head.IsExtentKnown || TryReadFields(ref set, head.FieldCount, message.Context.FieldBuffer));
        DecodeError error = isWhole ? TryDefine(key, head, ref message) : DecodeError.Truncated;
        if (error == DecodeError.None)
        {
            message.Templates++;
            return true;
        }

        message.Context.Exporters.Withdraw(message.Exporter, key);
        message.Report(error);
        return isWhole && head.IsExtentKnown;
    }

    private bool TryReadHead(ref WireReader set, ushort id, bool isOptions, out TemplateHead head)
    {
        head = new TemplateHead(id, isOptions);
        if (isOptions)
            return dialect.ReadOptionsHead(ref set, ref head);
        bool isRead = set.TryReadUInt16(out ushort count);
        head = head with { FieldCount = count };
        return isRead;
    }

    // Reads all fields, and keeps as many as a template may have.
    private bool TryReadFields(ref WireReader set, int count, Span<TemplateField> fields)
    {
        for (int i = 0; i < count; i++)
        {
            uint enterprise = 0;
            if (!set.TryReadUInt16(out ushort id) || !set.TryReadUInt16(out ushort length))
                return false;
            if (dialect.IsIpfix && (id & TemplateField.EnterpriseBit) != 0 && !set.TryReadUInt32(out enterprise))
                return false;
            if (i < fields.Length)
                fields[i] = new TemplateField(enterprise, id, length);
        }

        return true;
    }

    private static DecodeError TryDefine(TemplateKey key, in TemplateHead head, ref SetMessage message)
    {
        if (head.Error != DecodeError.None)
            return head.Error;
        if (head.FieldCount > message.Context.FieldBuffer.Length)
            return DecodeError.TemplateTooLarge;

        ReadOnlySpan<TemplateField> fields = message.Context.FieldBuffer[..head.FieldCount];
        var shape = new TemplateShape(head.IsOptions, head.ScopeCount);
        DecodeError error = message.Context.Exporters.TryDefine(message.Exporter, key, shape, fields, out Template? template);
        if (template?.Plan.BadLengths is > 0 and int badLengths)
            message.Report(DecodeError.BadFieldLength, (ulong)badLengths);
        return error;
    }

    // RFC 7011 section 8.1: one template, or with the identifier of its set all of that kind. There may be nothing to withdraw.
    private void Withdraw(in TemplateHead head, ref SetMessage message)
    {
        ExporterTable exporters = message.Context.Exporters;
        ushort all = head.IsOptions ? dialect.OptionsTemplateSet : dialect.TemplateSet;
        if (head.Id >= SetDialect.FirstDataSet)
            exporters.Withdraw(message.Exporter, new TemplateKey(message.Scope, head.Id));
        else if (head.Id == all)
            exporters.WithdrawAll(message.Exporter, message.Scope, head.IsOptions);
        else
            message.Report(DecodeError.BadTemplateId);
    }
}
