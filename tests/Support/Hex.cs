using System;

namespace Flowd.Tests;

/// <summary>Bytes written as hexadecimal text in tests; blanks and line breaks are for the reader.</summary>
internal static class Hex
{
    public static byte[] Parse(params string[] hex)
        => Convert.FromHexString(string.Concat(string.Concat(hex).Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries)));
}
