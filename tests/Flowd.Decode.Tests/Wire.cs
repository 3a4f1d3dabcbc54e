using System;
using System.Globalization;
using System.Linq;

namespace Flowd.Tests;

/// <summary>Datagrams put together from hexadecimal text: counts and lengths are right unless a test asks for others.</summary>
internal static class Wire
{
    public const uint Uptime = 9_600_000;
    public const uint ExportSeconds = 1_700_000_000;
    public const uint Sequence = 0x01020304;

    /// <summary>A v1 record of 48 octets: 10.0.0.1:1024 to 10.0.0.2:443, TCP.</summary>
    public const string NetFlow1Record = """
        0A000001 0A000002 0A0000FE 0001 0002 00000003 000000B4 00001000 00002000 0400 01BB
        0000 06 10 1B 000000 00000000
        """;

    /// <summary>A v5 record: the same flow, AS 64512 to 65001, masks 24 and 16.</summary>
    public const string NetFlow5Record = """
        0A000001 0A000002 0A0000FE 0001 0002 00000003 000000B4 00001000 00002000 0400 01BB
        00 1B 06 10 FC00 FDE9 18 10 0000
        """;

    public const string NetFlow7Record = NetFlow5Record + "0A0A0A0A";

    /// <summary>Template 256: source and destination address, protocol. Its records are 9 octets long.</summary>
    public static readonly string SmallTemplate = Template(256, (8, 4), (12, 4), (4, 1));

    public const string SmallRecord = "0A000001 0A000002 06";

    public static byte[] NetFlow1(int count, params string[] records) => Fixed(1, count, "", records);

    public static byte[] NetFlow5(int count, params string[] records) => Fixed(5, count, "01020304 03 09 0000", records);

    public static byte[] NetFlow7(int count, params string[] records) => Fixed(7, count, "01020304 00000000", records);

    public static byte[] NetFlow9(int count, params string[] sets)
        => Hex.Parse([U16(9), U16(count), U32(Uptime), U32(ExportSeconds), U32(Sequence), U32(42), .. sets]);

    public static byte[] Ipfix(params string[] sets) => IpfixOf(42, 16 + Length(sets), sets);

    public static byte[] IpfixOf(uint domain, int length, params string[] sets)
        => Hex.Parse([U16(10), U16(length), U32(ExportSeconds), U32(Sequence), U32(domain), .. sets]);

    public static string Set(int id, params string[] body) => U16(id) + U16(4 + Length(body)) + string.Concat(body);

    /// <summary>A template record of fields (element, length).</summary>
    public static string Template(int id, params (int Element, int Length)[] fields) => U16(id) + U16(fields.Length) + Fields(fields);

    public static string Fields(params (int Element, int Length)[] fields) => string.Concat(fields.Select(f => U16(f.Element) + U16(f.Length)));

    public static string U16(int value) => value.ToString("X4", CultureInfo.InvariantCulture);

    public static string U32(uint value) => value.ToString("X8", CultureInfo.InvariantCulture);

    public static string Repeat(string hex, int count) => string.Concat(Enumerable.Repeat(hex, count));

    private static byte[] Fixed(int version, int count, string tail, string[] records)
        => Hex.Parse([U16(version), U16(count), U32(Uptime), U32(ExportSeconds), U32(123456789), tail, .. records]);

    private static int Length(string[] hex) => Hex.Parse(hex).Length;
}
