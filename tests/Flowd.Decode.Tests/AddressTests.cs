using Flowd.Records;

namespace Flowd.Tests;

public class AddressTests
{
    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::1.2.3.4")]
    [InlineData("::ffff:1.2.3.4")]
    [InlineData("2001:db8::1")]
    [InlineData("2001:0:0:1::")]
    [InlineData("1:0:2:3:4:5:6:7")]
    [InlineData("fe80::1:0:0:2")]
    [InlineData("1:2:3:4:5:6:7:8")]
    public void Text_reads_back(string text)
    {
        Assert.True(AddressText.TryParse(text, out Address address));
        Assert.Equal(text, address.ToString());
    }
}
