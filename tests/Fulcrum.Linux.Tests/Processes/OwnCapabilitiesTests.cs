using Fulcrum.Linux.Processes;

namespace Fulcrum.Linux.Tests.Processes;

public sealed class OwnCapabilitiesTests
{
    [Fact]
    public void They_are_read_as_the_kernel_writes_them()
    {
        string[] status = ["Name:\tx", "CapPrm:\t000001ffffffffff", "CapEff:\t0000000000003000", "CapBnd:\t0"];
        Assert.Equal(0x3000ul, OwnCapabilities.Read(status));
        Assert.Equal(0ul, OwnCapabilities.Read([]));
    }

    [Theory]
    [InlineData(Capability.BindService)]
    [InlineData(Capability.AdministerNetwork)]
    [InlineData(Capability.RawSockets)]
    public void Those_of_this_process_are_what_the_kernel_says(Capability capability)
    {
        var line = File.ReadLines("/proc/self/status")
            .Single(line => line.StartsWith("CapEff", StringComparison.Ordinal));
        var bits = Convert.ToUInt64(line.Split('\t')[1], 16);
        Assert.Equal((bits & (1ul << (int)capability)) != 0, OwnCapabilities.Has(capability));
    }
}
