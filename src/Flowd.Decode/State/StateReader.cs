using System;
using System.Collections.Generic;
using static System.Buffers.Binary.BinaryPrimitives;
using Flowd.Decode.Sampling;
using Flowd.Decode.Sets;
using Flowd.Records;

namespace Flowd.Decode.State;

/// <summary>
/// Reads exporters in the layout of <see cref="DecoderState"/>. The most recently used one stands first and must be taken last, or the
/// limits would push out the wrong ones; so all are found before any is taken.
/// </summary>
internal sealed class StateReader(ExporterTable exporters, Predicate<Address>? wants)
{
    private readonly List<(int Start, int Length)> _found = [];
    private StateError _error;

    /// <summary>Takes so many exporters; returns the first error met.</summary>
    public StateError Read(ReadOnlySpan<byte> octets, uint count)
    {
        var reader = new WireReader(octets);
        for (uint i = 0; i < count && _found.Count < Math.Max(exporters.Limits.Exporters, 1); i++)
        {
            int before = reader.Remaining;
            StateError error = TrySkipExporter(ref reader);
            if (error != StateError.None)
            {
                Report(error);
                break;
            }

            int start = octets.Length - before;
            if (wants is null || wants(AddressAt(octets[start..])))
                _found.Add((start, before - reader.Remaining));
        }

        for (int i = _found.Count - 1; i >= 0; i--)
            TakeExporter(octets.Slice(_found[i].Start, _found[i].Length));
        return _error;
    }

    private static StateError TrySkipExporter(ref WireReader reader)
    {
        if (!reader.TryReadByte(out byte family))
            return StateError.Truncated;
        if (AddressLength(family) is not { } addressLength)
            return StateError.BadAddress;
        if (!reader.TryTake(addressLength, out _) || !reader.TryTake(StateWriter.ExporterLength, out ReadOnlySpan<byte> head))
            return StateError.Truncated;
        for (uint templates = ReadUInt32BigEndian(head[10..]); templates > 0; templates--)
        {
            if (!TryTakeTemplate(ref reader, out _, out _))
                return StateError.Truncated;
        }

        for (uint samplers = ReadUInt32BigEndian(head[14..]); samplers > 0; samplers--)
        {
            if (!reader.TryTake(StateWriter.SamplerLength, out _))
                return StateError.Truncated;
        }

        return StateError.None;
    }

    private static Address AddressAt(ReadOnlySpan<byte> exporter) => ToAddress(exporter.Slice(1, AddressLength(exporter[0])!.Value));

    // It is whole: that was seen before.
    private void TakeExporter(ReadOnlySpan<byte> octets)
    {
        var reader = new WireReader(octets[1..]);
        reader.TryTake(AddressLength(octets[0])!.Value, out ReadOnlySpan<byte> address);
        reader.TryTake(StateWriter.ExporterLength, out ReadOnlySpan<byte> head);
        Exporter exporter = exporters.Admit(ToAddress(address), ReadUInt32BigEndian(head));
        if (exporter.Datagrams == 0)
            exporter.Restore(ReadUInt32BigEndian(head[4..]), ReadUInt16BigEndian(head[8..]));

        for (uint templates = ReadUInt32BigEndian(head[10..]); templates > 0; templates--)
        {
            TryTakeTemplate(ref reader, out ReadOnlySpan<byte> template, out ReadOnlySpan<byte> fields);
            Report(TryDefine(exporter, template, fields));
        }

        for (uint samplers = ReadUInt32BigEndian(head[14..]); samplers > 0; samplers--)
        {
            reader.TryTake(StateWriter.SamplerLength, out ReadOnlySpan<byte> sampler);
            Report(TrySetRate(exporter, sampler));
        }
    }

    private static bool TryTakeTemplate(ref WireReader reader, out ReadOnlySpan<byte> head, out ReadOnlySpan<byte> fields)
    {
        fields = default;
        return reader.TryTake(StateWriter.TemplateLength, out head)
            && reader.TryTake(ReadUInt16BigEndian(head[12..]) * StateWriter.FieldLength, out fields);
    }

    private StateError TryDefine(Exporter exporter, ReadOnlySpan<byte> head, ReadOnlySpan<byte> octets)
    {
        ushort kind = ReadUInt16BigEndian(head[8..]), scopeCount = ReadUInt16BigEndian(head[10..]), fieldCount = ReadUInt16BigEndian(head[12..]);
        if (!TryReadDomain(head, out DomainKey domain) || kind > 1 || scopeCount > (kind == 0 ? 0 : fieldCount))
            return StateError.BadTemplate;
        if (fieldCount > exporters.Limits.FieldsPerTemplate)
            return StateError.BadTemplate;

        var fields = new TemplateField[fieldCount];
        for (int i = 0; i < fields.Length; i++)
        {
            ReadOnlySpan<byte> field = octets.Slice(i * StateWriter.FieldLength, StateWriter.FieldLength);
            fields[i] = new TemplateField(ReadUInt32BigEndian(field), ReadUInt16BigEndian(field[4..]), ReadUInt16BigEndian(field[6..]));
        }

        var key = new TemplateKey(new TemplateScope(domain, ReadUInt64BigEndian(head[14..])), ReadUInt16BigEndian(head[6..]));
        DecodeError error = exporters.TryDefine(exporter, key, new TemplateShape(kind == 1, scopeCount), fields, out _);
        return error == DecodeError.None ? StateError.None : StateError.BadTemplate;
    }

    private StateError TrySetRate(Exporter exporter, ReadOnlySpan<byte> octets)
    {
        var rate = new SamplingRate(ReadUInt64BigEndian(octets[14..]), ReadUInt64BigEndian(octets[22..])) { Algorithm = octets[30] };
        if (!TryReadDomain(octets, out DomainKey domain) || !rate.IsSane)
            return StateError.BadSampler;
        exporter.Samplers.Set(new SamplerKey(domain, ReadUInt64BigEndian(octets[6..])), rate, exporters.Limits.Samplers);
        return StateError.None;
    }

    private static bool TryReadDomain(ReadOnlySpan<byte> octets, out DomainKey domain)
    {
        domain = new DomainKey(ReadUInt16BigEndian(octets), ReadUInt32BigEndian(octets[2..]));
        return domain.Version == SetDialect.NetFlow9.Version || domain.Version == SetDialect.Ipfix.Version;
    }

    private static int? AddressLength(byte family) => (AddressFamily)family switch { AddressFamily.IPv4 => 4, AddressFamily.IPv6 => 16, _ => null };

    private static Address ToAddress(ReadOnlySpan<byte> octets)
        => octets.Length == sizeof(uint) ? Address.FromIPv4(ReadUInt32BigEndian(octets)) : Address.FromIPv6(octets);

    private void Report(StateError error)
    {
        if (_error == StateError.None)
            _error = error;
    }
}
