using System.Runtime.InteropServices;

namespace Fulcrum.Loops.Tests;

public sealed class AlignedArrayTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(64 * 1024)]
    public void An_array_begins_at_a_cache_line_and_has_the_length_that_was_asked_for(int length)
    {
        var arrays = Enumerable.Range(0, 8).Select(_ => AlignedArray.Allocate(length)).ToArray();
        Assert.All(
            arrays,
            array =>
            {
                Assert.Equal(length, array.Length);
                Assert.Equal(0, Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) % AlignedArray.Alignment);
            }
        );
    }

    [Fact]
    public void The_scratch_buffer_of_a_loop_is_one() =>
        Assert.Equal(
            0,
            Marshal.UnsafeAddrOfPinnedArrayElement(new Reactor(new LoopOptions(), 0).Scratch, 0)
                % AlignedArray.Alignment
        );
}
