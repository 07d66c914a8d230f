using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Bpf;

/// <summary>What an object says, and what is said of one that is broken.</summary>
public sealed class BpfObjectTests
{
    [Fact]
    public void Programs_maps_and_layouts_are_as_they_were_written()
    {
        var sample = Samples.Sample();
        Assert.Equal(["choosing", "leading", "passing"], sample.Programs.Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                "counters (PerCpuArray, key 4, value 8, 2 entries, None)",
                "events (RingBuffer, key 0, value 0, 4096 entries, None)",
                "listeners (SocketMap, key 4, value 8, 1 entries, None)",
                "rings (ArrayOfMaps, key 4, value 4, 4 entries, None)",
                "seen (Hash, key 8, value 16, 16 entries, None)",
            ],
            sample.Maps.Select(map => map.ToString()).Order(StringComparer.Ordinal)
        );
        var inner = sample.Maps.Single(map => map.Name == "rings").Inner!;
        Assert.Equal("rings.inner (Array, key 4, value 4, 8 entries, InnerMap)", inner.ToString());
        Assert.Equal("Dual MIT/GPL", sample.License);
        Assert.Equal("8: number 0+4, letter 4+1, pad 5+3", sample.Types.LayoutOf("key"));
        Assert.Equal("16: count 0+8, last 8+4, pad 12+4", sample.Types.LayoutOf("value"));
        Assert.Null(sample.Types.LayoutOf("other"));
    }

    [Fact]
    public void Constants_have_names_sizes_and_values()
    {
        var constants = Samples.Sample().Constants;
        Assert.Equal(["counts", "verdict"], constants.Names.Order(StringComparer.Ordinal));
        Assert.Equal((2u, (byte)1), (constants.Get<uint>("verdict"), constants.Get<byte>("counts")));
        constants.Set("verdict", 1u);
        Assert.Equal(1u, constants.Get<uint>("verdict"));
        Assert.Equal(
            "constant 'verdict' has 4 bytes, and 8 were given",
            Assert.Throws<BpfObjectException>(() => constants.Set("verdict", 1ul)).Message
        );
        Assert.Equal(
            "there is no constant 'verdicts'",
            Assert.Throws<BpfObjectException>(() => constants.Set("verdicts", 1u)).Message
        );
    }

    [Fact]
    public void What_is_something_else_is_told_apart()
    {
        var good = Samples.Bytes("sample");
        Assert.Equal("it is no ELF file", Refused([]));
        Assert.Equal(
            "it is no ELF file",
            Refused("#!/bin/sh and so on, until it is as long as the header is, or so"u8)
        );
        byte[] narrow = [.. good];
        narrow[4] = 1;
        Assert.Equal("it is an ELF file, but not of 64 bits with the least byte first", Refused(narrow));
        byte[] foreign = [.. good];
        foreign[18] = 62;
        Assert.Equal("it is an ELF file, but no object for BPF (clang --target=bpf -c)", Refused(foreign));
    }

    /// <summary>However it is cut or changed: a reason, or an object whose programs can be put together or not.</summary>
    [Fact]
    public void A_broken_one_is_refused_with_a_reason()
    {
        var good = Samples.Bytes("sample");
        var random = Seeds.NewRandom();
        var refused = 0;
        for (var round = 0; round < 3000; round++)
        {
            byte[] bad = round % 3 == 0 ? good[..random.Next(good.Length)] : [.. good];
            for (var i = random.Next(8); i >= 0 && bad.Length > 0; i--)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }

            try
            {
                var read = BpfObject.Parse(bad);
                foreach (var program in read.Programs)
                {
                    _ = Linker.Link(read, program);
                }
            }
            catch (BpfObjectException error)
            {
                Assert.NotEmpty(error.Message);
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 3000);
    }

    [Fact]
    public void A_map_that_holds_something_else_does_not_fit()
    {
        var seen = Samples.Sample().Maps.Single(map => map.Name == "seen");
        Assert.True(seen.FitsAs(seen with { Name = "other" }));
        Assert.False(seen.FitsAs(seen with { ValueSize = 24 }));
        Assert.False(seen.FitsAs(seen with { Type = BpfMapType.LeastRecentlyUsedHash }));
    }

    private static string Refused(ReadOnlySpan<byte> bytes)
    {
        var file = bytes.ToArray();
        return Assert.Throws<BpfObjectException>(() => BpfObject.Parse(file)).Message;
    }
}
