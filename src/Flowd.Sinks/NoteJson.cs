using System;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Sinks;

/// <summary>What exporters tell beside flows as NDJSON: one object a line, with the names of IANA and of sFlow's standard.</summary>
public static class NoteJson
{
    private const ushort NetFlow9 = 9;

    // The scopes of NetFlow v9 have numbers of their own (RFC 3954 section 6.1).
    private static readonly string[] Scopes = ["", "system", "interface", "lineCard", "cache", "template"];

    /// <summary>Appends a line; false, and there is none, if nothing of the note is known.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="note">The note.</param>
    /// <param name="octets">Its octets.</param>
    /// <param name="exporter">Who sent it.</param>
    /// <param name="seconds">When, in seconds since 1970-01-01 UTC.</param>
    /// <param name="microseconds">And µs.</param>
    /// <param name="time">How times are written.</param>
    public static bool Write(Utf8Buffer output, in ExporterNote note, ReadOnlySpan<byte> octets, in Address exporter, uint seconds, uint microseconds, TimeText time)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(time);
        if (note.Kind == NoteKind.Counters)
        {
            if (!CounterNames.TryFind(note.Number, out (string Name, CounterField[] Fields) block))
                return false;
            PutHead(output, "counters", in exporter, seconds, microseconds, time);
            PutCounters(output, in note, octets, block);
        }
        else
        {
            PutHead(output, "options", in exporter, seconds, microseconds, time);
            PutOptions(output, in note, octets);
        }

        output.Add("}\n"u8);
        return true;
    }

    private static void PutHead(Utf8Buffer output, string type, in Address exporter, uint seconds, uint microseconds, TimeText time)
    {
        output.Add("{\"type\":\""u8);
        output.Add(type);
        output.Add("\",\"received\":"u8);
        FlowJson.PutTime(output, time, seconds, microseconds, 6);
        output.Add(",\"exporter\":"u8);
        FlowJson.PutAddressOrNull(output, in exporter);
    }

    private static void PutCounters(Utf8Buffer output, in ExporterNote note, ReadOnlySpan<byte> octets, (string Name, CounterField[] Fields) block)
    {
        output.Add(",\"agent\":"u8);
        FlowJson.PutAddressOrNull(output, note.Agent);
        PutNumber(output, "sub_agent", note.Domain);
        PutNumber(output, "source_type", note.Source >> 24);
        PutNumber(output, "source_index", note.Source & 0xFF_FFFF);
        output.Add(",\"block\":\""u8);
        output.Add(block.Name);
        output.Add((byte)'"');
        foreach (CounterField field in block.Fields) // as far as they go
        {
            if (octets.Length < field.Length)
                break;
            PutNumber(output, field.Name, field.Length == 8 ? ReadUInt64BigEndian(octets) : ReadUInt32BigEndian(octets));
            octets = octets[field.Length..];
        }
    }

    private static void PutOptions(Utf8Buffer output, in ExporterNote note, ReadOnlySpan<byte> octets)
    {
        PutNumber(output, "version", note.Version);
        PutNumber(output, "domain", note.Domain);
        PutNumber(output, "template", note.Number);
        var elements = new OtherElements(octets);
        output.Add(",\"scope\":{"u8);
        PutElements(output, ref elements, note.Scope, isScope9: note.Version == NetFlow9);
        output.Add("},\"elements\":{"u8);
        PutElements(output, ref elements, int.MaxValue, isScope9: false);
        output.Add((byte)'}');
    }

    // An element that comes again is left out: the keys of an object differ.
    private static void PutElements(Utf8Buffer output, ref OtherElements elements, int count, bool isScope9)
    {
        OtherElements first = elements;
        for (int i = 0; i < count && elements.TryRead(out uint enterprise, out ushort id, out ReadOnlySpan<byte> value); i++)
        {
            if (IsAmong(first, i, enterprise, id))
                continue;
            output.Add(i > 0 ? ",\""u8 : "\""u8);
            if (isScope9 && id > 0 && id < Scopes.Length)
                output.Add(Scopes[id]);
            else
                ElementText.AddName(output, enterprise, id);
            output.Add("\":"u8);
            if (isScope9)
                output.AddNumber(value.Length <= sizeof(ulong) ? ElementText.Number(value) : 0);
            else
                ElementText.AddValue(output, enterprise, id, value);
        }
    }

    private static bool IsAmong(OtherElements elements, int count, uint enterprise, ushort id)
    {
        for (; count > 0 && elements.TryRead(out uint other, out ushort otherId, out _); count--)
        {
            if (other == enterprise && otherId == id)
                return true;
        }

        return false;
    }

    private static void PutNumber(Utf8Buffer output, string name, ulong number)
    {
        output.Add(",\""u8);
        output.Add(name);
        output.Add("\":"u8);
        output.AddNumber(number);
    }
}
