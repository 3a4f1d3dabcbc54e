using System;
using Flowd.Decode.State;
using Flowd.Records;

namespace Flowd.Decode.Sets;

/// <summary>Records of options as notes, for those who want them: every element with its octets. What repeats what was told before is left out.</summary>
internal static class OptionsNotes
{
    private const int MostFields = 128; // nobody has more to say, and names must differ

    /// <summary>Reads records that are known to be whole.</summary>
    public static void Read(Template template, ref WireReader set, int count, ref SetMessage message)
    {
        for (; count > 0 && template.Fields.Length <= MostFields; count--)
        {
            WireReader measured = set;
            int length = LengthOf(template.Fields, ref measured);
            if (!message.Context.Notes.TryReserve(length, out Span<byte> room))
                return;
            Copy(template.Fields, ref set, room);
            if (message.Context.Exporters.IsNews(message.Exporter, template, room, ScopeLength(room, template.Shape.ScopeCount)))
            {
                message.Context.Notes.Add(new ExporterNote(
                    NoteKind.Options, message.Domain.Version, message.Domain.Number, template.Key.Id, Source: 0, template.Shape.ScopeCount, Agent: default, Offset: 0, length));
            }
        }
    }

    private static int LengthOf(ReadOnlySpan<TemplateField> fields, ref WireReader reader)
    {
        int length = 0;
        foreach (ref readonly TemplateField field in fields)
            length += OtherElements.LengthOf(Take(field, ref reader).Length);
        return length;
    }

    private static void Copy(ReadOnlySpan<TemplateField> fields, ref WireReader reader, Span<byte> room)
    {
        foreach (ref readonly TemplateField field in fields)
            room = room[OtherElements.Write(room, field.Enterprise, field.ElementId, Take(field, ref reader))..];
    }

    private static ReadOnlySpan<byte> Take(TemplateField field, ref WireReader reader)
    {
        int length = field.Length;
        bool isRead = !field.IsVariable || reader.TryReadVariableLength(out length);
        return isRead && reader.TryTake(length, out ReadOnlySpan<byte> value) ? value : default;
    }

    private static int ScopeLength(ReadOnlySpan<byte> octets, int scopes)
    {
        int length = 0;
        var elements = new OtherElements(octets);
        for (; scopes > 0 && elements.TryRead(out _, out _, out ReadOnlySpan<byte> value); scopes--)
            length += OtherElements.LengthOf(value.Length);
        return length;
    }
}
