using System;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Decode.Sets;

/// <summary>Reads a header of the right length.</summary>
internal delegate MessageHeader SetHeaderReader(ReadOnlySpan<byte> wire);

/// <summary>Reads what follows the identifier of an options template; false if it ends too early.</summary>
internal delegate bool OptionsHeadReader(ref WireReader set, ref TemplateHead head);

/// <summary>The differences between the two protocols that are made of sets: NetFlow v9 (RFC 3954) and IPFIX (RFC 7011).</summary>
internal sealed record SetDialect
{
    /// <summary>Sets with this identifier and above hold data, in both.</summary>
    public const ushort FirstDataSet = 256;

    public required ushort Version { get; init; }
    public required int HeaderLength { get; init; }
    public required ushort TemplateSet { get; init; }
    public required ushort OptionsTemplateSet { get; init; }

    /// <summary>True for IPFIX, with all that it added: a length in the header, enterprise numbers, withdrawal of templates.</summary>
    public required bool IsIpfix { get; init; }

    public required SetHeaderReader ReadHeader { get; init; }
    public required OptionsHeadReader ReadOptionsHead { get; init; }

    /*
         0  version   2  count    4  sys_uptime (ms)   8  unix_secs   12  sequence   16  source_id
    */
    public static readonly SetDialect NetFlow9 = new()
    {
        Version = 9,
        HeaderLength = 20,
        TemplateSet = 0,
        OptionsTemplateSet = 1,
        IsIpfix = false,
        ReadHeader = static wire => new MessageHeader(
            9,
            Announced: ReadUInt16BigEndian(wire[2..]),
            SystemUptime: ReadUInt32BigEndian(wire[4..]),
            ExportSeconds: ReadUInt32BigEndian(wire[8..]),
            Sequence: ReadUInt32BigEndian(wire[12..]),
            Domain: ReadUInt32BigEndian(wire[16..])),
        ReadOptionsHead = ReadNetFlow9OptionsHead,
    };

    /*
         0  version   2  length   4  export_time       8  sequence   12  observation_domain
    */
    public static readonly SetDialect Ipfix = new()
    {
        Version = 10,
        HeaderLength = 16,
        TemplateSet = 2,
        OptionsTemplateSet = 3,
        IsIpfix = true,
        ReadHeader = static wire => new MessageHeader(
            10,
            Announced: ReadUInt16BigEndian(wire[2..]),
            ExportSeconds: ReadUInt32BigEndian(wire[4..]),
            Sequence: ReadUInt32BigEndian(wire[8..]),
            Domain: ReadUInt32BigEndian(wire[12..])),
        ReadOptionsHead = ReadIpfixOptionsHead,
    };

    /// <summary>The one of a version word that is 9 or 10.</summary>
    public static SetDialect Of(ushort version) => version == NetFlow9.Version ? NetFlow9 : Ipfix;

    // Lengths in octets of the scope fields and of the others (RFC 3954 section 6.1); a field specifier takes 4.
    private static bool ReadNetFlow9OptionsHead(ref WireReader set, ref TemplateHead head)
    {
        if (!set.TryReadUInt16(out ushort scopeLength) || !set.TryReadUInt16(out ushort optionLength))
            return false;
        bool isWhole = scopeLength % 4 == 0 && optionLength % 4 == 0;
        head = head with
        {
            FieldCount = scopeLength / 4 + optionLength / 4,
            ScopeCount = scopeLength / 4,
            Error = isWhole ? DecodeError.None : DecodeError.BadOptionsTemplate,
            IsExtentKnown = isWhole,
        };
        return true;
    }

    // Numbers of all fields and of scope fields (RFC 7011 section 3.4.2.2). A withdrawal ends after the first.
    private static bool ReadIpfixOptionsHead(ref WireReader set, ref TemplateHead head)
    {
        ushort scopeCount = 0;
        if (!set.TryReadUInt16(out ushort count) || (count > 0 && !set.TryReadUInt16(out scopeCount)))
            return false;
        bool isGood = count == 0 || (scopeCount > 0 && scopeCount <= count);
        head = head with
        {
            FieldCount = count,
            ScopeCount = scopeCount,
            Error = isGood ? DecodeError.None : DecodeError.BadOptionsTemplate,
        };
        return true;
    }
}
