using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Flowd.MetricsProcess;

/// <summary>
/// The texts of several workers as one, in the text exposition format of Prometheus: each family once, with the samples of all, which get a label
/// that says whose they are.
/// </summary>
internal static class MergedText
{
    private static ReadOnlySpan<byte> Help => "# HELP "u8;

    /// <summary>Families stand in the order in which they are met first. A text may be empty, or lack some.</summary>
    public static byte[] Of(IReadOnlyList<byte[]> workers)
    {
        var order = new List<ArrayBufferWriter<byte>>();
        var families = new Dictionary<string, ArrayBufferWriter<byte>>(StringComparer.Ordinal);
        for (int worker = 0; worker < workers.Count; worker++)
            Add(workers[worker], Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"worker=\"{worker}\"")), families, order);

        var merged = new ArrayBufferWriter<byte>();
        foreach (ArrayBufferWriter<byte> text in order)
            merged.Write(text.WrittenSpan);
        return merged.WrittenSpan.ToArray();
    }

    private static void Add(ReadOnlySpan<byte> text, ReadOnlySpan<byte> label, Dictionary<string, ArrayBufferWriter<byte>> families, List<ArrayBufferWriter<byte>> order)
    {
        ArrayBufferWriter<byte>? family = null;
        bool isFirst = false;
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..(end + 1)];
            text = text[line.Length..];
            if (line.StartsWith(Help))
                family = Find(NameOf(line[Help.Length..]), families, order, out isFirst);
            if (family is null)
                continue;
            if (line[0] != '#')
                AddSample(family, line, label);
            else if (isFirst)
                family.Write(line);
        }
    }

    private static ArrayBufferWriter<byte> Find(string name, Dictionary<string, ArrayBufferWriter<byte>> families, List<ArrayBufferWriter<byte>> order, out bool isFirst)
    {
        isFirst = !families.TryGetValue(name, out ArrayBufferWriter<byte>? family);
        if (family is not null)
            return family;
        family = families[name] = new ArrayBufferWriter<byte>();
        order.Add(family);
        return family;
    }

    private static string NameOf(ReadOnlySpan<byte> text) => Encoding.ASCII.GetString(text[..Math.Max(text.IndexOf((byte)' '), 0)]);

    // name value, or name{labels} value.
    private static void AddSample(ArrayBufferWriter<byte> family, ReadOnlySpan<byte> line, ReadOnlySpan<byte> label)
    {
        int name = line.IndexOfAny((byte)'{', (byte)' ');
        if (name < 0)
            return;
        family.Write(line[..name]);
        family.Write("{"u8);
        family.Write(label);
        family.Write(line[name] == '{' ? ","u8 : "}"u8);
        family.Write(line[(line[name] == '{' ? name + 1 : name)..]);
    }
}
