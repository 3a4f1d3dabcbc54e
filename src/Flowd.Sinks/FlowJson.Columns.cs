using System;
using Flowd.Records;

namespace Flowd.Sinks;

/// <summary>
/// The keys of the JSON as columns of CSV (RFC 4180): the same names, the same values. What a record does not hold is empty. The elements without a
/// place of their own are one column, the JSON of them.
/// </summary>
public static partial class FlowJson
{
    /// <summary>The names of the columns and a line feed.</summary>
    public static void WriteColumnNames(Utf8Buffer output)
    {
        ArgumentNullException.ThrowIfNull(output);
        PutNames(output, Keys);
        PutNames(output, ExtendedKeys);
        output.Add("other\n"u8);
    }

    /// <summary>Writes the values of a record and a line feed.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="record">What is written.</param>
    /// <param name="mask">Which of its sections.</param>
    /// <param name="time">How times are written.</param>
    /// <param name="octets">What <see cref="FlowRecord.OtherOffset"/> points into.</param>
    public static void WriteColumns(Utf8Buffer output, in FlowRecord record, LogFields mask, TimeText time, ReadOnlySpan<byte> octets = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(time);
        LogFields fields = record.Fields & mask;
        PutColumns(output, Keys, in record, fields, time);
        PutColumns(output, ExtendedKeys, in record, fields, time);
        if ((fields & LogFields.Other) != 0)
            PutOtherColumn(output, octets.Slice(record.OtherOffset, record.OtherLength));
        output.Add((byte)'\n');
    }

    // Of keys without the comma, the quotes and the colon.
    private static void PutNames(Utf8Buffer output, Key[] keys)
    {
        foreach (Key key in keys)
        {
            output.Add(key.Name.AsSpan(0, key.Length)[2..^2]);
            output.Add((byte)',');
        }
    }

    private static void PutColumns(Utf8Buffer output, Key[] keys, in FlowRecord record, LogFields fields, TimeText time)
    {
        foreach (ref readonly Key key in keys.AsSpan())
        {
            if ((fields & key.Fields) != 0)
                PutColumn(output, in key, in record, time);
            output.Add((byte)',');
        }
    }

    // Nothing in place of null; quotes around a list, which has commas.
    private static void PutColumn(Utf8Buffer output, in Key key, in FlowRecord record, TimeText time)
    {
        int start = output.Length;
        key.Put(output, in record, time);
        if (output.Written[start..].SequenceEqual("null"u8))
            output.Cut(start);
        else if (output.Written[start] == '[')
            Quote(output, start);
    }

    private static void PutOtherColumn(Utf8Buffer output, ReadOnlySpan<byte> elements)
    {
        int start = output.Length;
        PutOther(output, elements);
        byte[] list = output.Written[(start + ",\"other\":".Length)..].ToArray();
        output.Cut(start);
        output.Add(list);
        Quote(output, start);
    }

    private static void Quote(Utf8Buffer output, int start)
    {
        byte[] text = output.Written[start..].ToArray();
        output.Cut(start);
        output.Add((byte)'"');
        foreach (byte octet in text)
        {
            if (octet == '"')
                output.Add(octet);
            output.Add(octet);
        }

        output.Add((byte)'"');
    }
}
