using Flowd.Platform;

namespace Flowd.Tests;

public class ProcessorTests
{
    private static readonly string[] CpuInfo = ["processor\t: 0", "vendor_id\t: AuthenticAMD", "flags\t\t: fpu avx avx2 vpclmulqdq", "", "processor\t: 1", "flags\t\t: fpu avx avx2 vpclmulqdq"];

    [Theory]
    [InlineData(true, "avx2")]
    [InlineData(true, "fpu", "vpclmulqdq")]
    [InlineData(false, "avx2", "avx512f")]
    [InlineData(false, "vpclmul")]
    public void A_processor_has_what_its_flags_say(bool has, params string[] features) => Assert.Equal(has, Processor.Has(features, CpuInfo));

    [Fact]
    public void Others_have_none()
    {
        Assert.False(Processor.Has(["asimd"], ["processor\t: 0", "Features\t: fp asimd"]));
        Assert.False(Processor.Has(["avx2"], []));
    }
}
