using System;
using static System.Buffers.Binary.BinaryPrimitives;
using Flowd.Records;

namespace Flowd.Decode.Rewriting;

/// <summary>Rewrites one field, which has the length that its treatment wants.</summary>
internal static class FieldRewriter
{
    public static void Apply(Treatment treatment, Span<byte> field, AddressMapping map)
    {
        switch (treatment)
        {
            case Treatment.Keep:
                break;
            case Treatment.MapIPv4:
                map(Address.FromIPv4(ReadUInt32BigEndian(field))).Write(field);
                break;
            case Treatment.MapIPv6:
                map(Address.FromIPv6(field)).Write(field);
                break;
            default:
                field.Clear();
                break;
        }
    }
}
