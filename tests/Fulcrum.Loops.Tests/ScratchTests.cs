using System.Runtime.CompilerServices;

namespace Fulcrum.Loops.Tests;

public sealed class ScratchTests
{
    [Fact]
    public void It_has_the_size_that_is_asked_for_and_begins_at_a_cache_line()
    {
        foreach (var size in (int[])[16, 4096, 65_536, 65_544])
        {
            for (var count = 0; count < 8; count++)
            {
                var scratch = new Reactor(new LoopOptions { BufferSize = size }, 0).Scratch;
                Assert.Equal(size, scratch.Length);
                Assert.Equal(0, Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref scratch[0]) % 64);
            }
        }
    }
}
