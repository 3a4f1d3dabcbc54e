using System;
using System.Linq;
using System.Text;
using CsCheck;
using Flowd.Anonymize;
using Flowd.Records;

namespace Flowd.Tests;

public class AnonymizationKeyTests
{
    private const string Digits = "1522178d33a4cf80130a5b1649907d10d8988f83797965276257 4c2d2a842202";

    private static readonly string Hexadecimal = Digits.Replace(" ", "", StringComparison.Ordinal);

    [Theory]
    [InlineData("", "")]
    [InlineData("", "\n")]
    [InlineData("", "\r\n")]
    [InlineData("upper", "\n")]
    public void Digits_and_octets_are_the_same_key(string letters, string end)
    {
        string text = letters == "upper" ? Hexadecimal.ToUpperInvariant() : Hexadecimal;

        Assert.Equal(KeyError.None, AnonymizationKey.TryParse(Encoding.ASCII.GetBytes(text + end), out AnonymizationKey? fromDigits));
        Assert.Equal(KeyError.None, AnonymizationKey.TryParse(Hex.Parse(Digits), out AnonymizationKey? fromOctets));

        Address address = Address.FromIPv4(0xC0000201);
        Assert.Equal(AddressAnonymizer.CryptoPan(fromOctets!).Map(address), AddressAnonymizer.CryptoPan(fromDigits!).Map(address));
    }

    public static TheoryData<string, KeyError> Bad => new()
    {
        { "", KeyError.BadLength },
        { "\n", KeyError.BadLength },
        { new string('k', 31), KeyError.BadLength },
        { new string('k', 32) + "\n", KeyError.BadLength },
        { Hexadecimal + "0", KeyError.BadLength },
        { Hexadecimal + "\n\n", KeyError.BadLength },
        { Hexadecimal + " ", KeyError.BadLength },
        { Hexadecimal[..63] + "g", KeyError.NotHexadecimal },
        { Hexadecimal[..63] + "\n", KeyError.BadLength },
        { Hexadecimal[..32], KeyError.HalfAKey },
        { Hexadecimal[..32] + "\n", KeyError.HalfAKey },
        { new string('\0', 32), KeyError.NotRandom },
        { new string('0', 64), KeyError.NotRandom },
        { string.Concat(Enumerable.Repeat("ab", 32)), KeyError.NotRandom },
        { new string('x', 100_000), KeyError.BadLength },
    };

    [Theory, MemberData(nameof(Bad))]
    public void What_is_no_key(string content, KeyError error)
    {
        Assert.Equal(error, AnonymizationKey.TryParse(Encoding.ASCII.GetBytes(content), out AnonymizationKey? key));
        Assert.Null(key);
        Assert.NotEmpty(KeyErrorText.Describe(error));
    }

    [Fact]
    public void Any_octets_are_taken_or_refused()
        => Gen.Byte.Array[0, 70].Sample(content => Assert.Equal(AnonymizationKey.TryParse(content, out AnonymizationKey? key) == KeyError.None, key is not null));

    [Fact]
    public void Every_error_has_a_text() => Assert.All(Enum.GetValues<KeyError>(), error => Assert.NotEmpty(KeyErrorText.Describe(error)));
}
