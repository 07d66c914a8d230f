using Fulcrum.Balancing.Hashing;

namespace Fulcrum.Balancing.Tests.Hashing;

public sealed class MixingTests
{
    /// <summary>Strict avalanche, over addresses: 4096 flips each, so a half is 2048 with a standard deviation of 32.</summary>
    [Fact]
    public void Every_bit_of_an_address_turns_every_bit_of_its_hash_half_the_time()
    {
        var turned = new int[32, 64];
        for (var client = 0; client < 4096; client++)
        {
            for (var bit = 0; bit < 32; bit++)
            {
                var difference = Sample.Client(client) ^ Sample.Client(client ^ (1 << bit));
                for (var output = 0; output < 64; output++)
                {
                    turned[bit, output] += (int)((difference >> output) & 1);
                }
            }
        }

        Assert.All(turned.Cast<int>(), count => Assert.InRange(count, 2048 - 250, 2048 + 250));
    }

    [Fact]
    public void Text_that_differs_in_length_or_one_byte_differs_in_its_hash()
    {
        var texts = Enumerable.Range(0, 40).Select(length => new string('\0', length)).ToList();
        texts.AddRange(Enumerable.Range(0, 40).Select(at => new string('\0', at) + "x" + new string('\0', 39 - at)));
        Assert.Distinct(texts.Select(text => StableHash.Of(text)));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL << 12)]
    [InlineData(1UL << 63)]
    [InlineData(0x4000_0000_0000_0000UL)]
    [InlineData(0xB504_F333_F9DE_6484UL)]
    [InlineData(0xB504_F333_F9DE_7000UL)]
    [InlineData(ulong.MaxValue - 0x1000)]
    [InlineData(ulong.MaxValue)]
    public void The_exponential_is_the_logarithm_at_the_edges(ulong hash) => AssertLogarithm(hash);

    [Fact]
    public void The_exponential_is_the_logarithm_everywhere()
    {
        for (var client = 0; client < 10_000; client++)
        {
            AssertLogarithm(Sample.Client(client));
        }
    }

    private static void AssertLogarithm(ulong hash)
    {
        var u = ((hash >> 12) + 0.5) / Math.Pow(2, 52);
        var ratio = Exponential.Of(hash) / -Math.Log(u);
        Assert.InRange(ratio, 1 - 1e-11, 1 + 1e-11);
        Assert.InRange(Exponential.Of(hash), double.Epsilon, 37);
    }
}
