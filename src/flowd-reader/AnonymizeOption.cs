using System;
using System.Globalization;
using System.IO;
using Flowd.Anonymize;

namespace Flowd.Reader;

/// <summary>The method that --anonymize names: cryptopan:KEYFILE, or truncate:BITS[,BITS].</summary>
internal static class AnonymizeOption
{
    private const int DefaultIPv6Bits = 48;

    /// <summary>What makes such an anonymizer, one for each thread; null if none is wanted. False, which is said, if the text is wrong.</summary>
    public static bool TryLoad(string? text, Messages messages, out Func<AddressAnonymizer>? make)
    {
        make = null;
        if (text is null)
            return true;
        string[] parts = text.Split(':', 2);
        if (parts is ["cryptopan", { Length: > 0 } path])
            return TryKey(path, messages, out make);
        if (parts is ["truncate", var bits] && TryBits(bits, out int four, out int six))
        {
            make = () => AddressAnonymizer.Truncate(four, six);
            return true;
        }

        messages.Error($"\"{text}\" is no way to anonymize; there are cryptopan:KEYFILE and truncate:BITS[,BITS]");
        return false;
    }

    private static bool TryKey(string path, Messages messages, out Func<AddressAnonymizer>? make)
    {
        make = null;
        try
        {
            byte[] content = new byte[AnonymizationKey.LongestFile + 1];
            using FileStream file = LogPaths.Open(path);
            int length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            KeyError error = AnonymizationKey.TryParse(content.AsSpan(0, length), out AnonymizationKey? key);
            if (error == KeyError.None)
                make = () => AddressAnonymizer.CryptoPan(key!);
            else
                messages.Error($"{path}: {KeyErrorText.Describe(error)}");
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            messages.Error(path, e);
        }

        return make is not null;
    }

    private static bool TryBits(string text, out int four, out int six)
    {
        string[] parts = text.Split(',');
        six = DefaultIPv6Bits;
        return TryNumber(parts[0], 32, out four) && (parts.Length == 1 || (parts.Length == 2 && TryNumber(parts[1], 128, out six)));
    }

    private static bool TryNumber(string text, int most, out int number)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;
}
