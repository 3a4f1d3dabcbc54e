using System;
using static System.Buffers.Binary.BinaryPrimitives;
using Flowd.Decode.Sampling;
using Flowd.Decode.Sets;
using Flowd.Records;

namespace Flowd.Decode.State;

/// <summary>Writes exporters in the layout of <see cref="DecoderState"/>.</summary>
internal ref struct StateWriter(Span<byte> destination)
{
    public const int ExporterLength = 18; // without family and address
    public const int TemplateLength = 22;
    public const int FieldLength = 8;
    public const int SamplerLength = 31;

    private Span<byte> _rest = destination;

    public int Length { get; private set; }

    /// <summary>Writes all of an exporter, or nothing if that is too much.</summary>
    public bool TryWrite(Exporter exporter)
    {
        if (exporter.Address.Family == AddressFamily.None || SizeOf(exporter) > _rest.Length)
            return false;
        WriteHead(exporter);
        for (var node = exporter.Templates.ByUse.Last; node is not null; node = node.Previous)
            WriteTemplate(node.Value);
        foreach (SamplerKey key in exporter.Samplers.ByAge)
            WriteSampler(key, exporter.Samplers[key]);
        return true;
    }

    private static long SizeOf(Exporter exporter)
    {
        long size = 1 + exporter.Address.Bits / 8 + ExporterLength + (long)exporter.SamplerCount * SamplerLength;
        foreach (Template template in exporter.Templates.ByUse)
            size += TemplateLength + (long)template.Fields.Length * FieldLength;
        return size;
    }

    private void WriteHead(Exporter exporter)
    {
        Take(1)[0] = (byte)exporter.Address.Family;
        exporter.Address.Write(Take(exporter.Address.Bits / 8));
        Span<byte> head = Take(ExporterLength);
        WriteUInt32BigEndian(head, exporter.FirstSeenSeconds);
        WriteUInt32BigEndian(head[4..], exporter.LastSeenSeconds);
        WriteUInt16BigEndian(head[8..], exporter.LastVersion);
        WriteUInt32BigEndian(head[10..], (uint)exporter.TemplateCount);
        WriteUInt32BigEndian(head[14..], (uint)exporter.SamplerCount);
    }

    private void WriteTemplate(Template template)
    {
        Span<byte> head = Take(TemplateLength);
        WriteDomain(head, template.Key.Scope.Domain);
        WriteUInt16BigEndian(head[6..], template.Key.Id);
        WriteUInt16BigEndian(head[8..], template.Shape.IsOptions ? (ushort)1 : (ushort)0);
        WriteUInt16BigEndian(head[10..], (ushort)template.Shape.ScopeCount);
        WriteUInt16BigEndian(head[12..], (ushort)template.Fields.Length);
        WriteUInt64BigEndian(head[14..], template.Key.Scope.Session);
        foreach (TemplateField field in template.Fields)
        {
            Span<byte> octets = Take(FieldLength);
            WriteUInt32BigEndian(octets, field.Enterprise);
            WriteUInt16BigEndian(octets[4..], field.Id);
            WriteUInt16BigEndian(octets[6..], field.Length);
        }
    }

    private void WriteSampler(SamplerKey key, SamplingRate rate)
    {
        Span<byte> octets = Take(SamplerLength);
        WriteDomain(octets, key.Domain);
        WriteUInt64BigEndian(octets[6..], key.Id);
        WriteUInt64BigEndian(octets[14..], rate.Population);
        WriteUInt64BigEndian(octets[22..], rate.Size);
        octets[30] = rate.Algorithm;
    }

    private static void WriteDomain(Span<byte> octets, DomainKey domain)
    {
        WriteUInt16BigEndian(octets, domain.Version);
        WriteUInt32BigEndian(octets[2..], domain.Number);
    }

    // The size was compared with what is left before the first octet.
    private Span<byte> Take(int length)
    {
        Span<byte> octets = _rest[..length];
        _rest = _rest[length..];
        Length += length;
        return octets;
    }
}
