using Fulcrum.Proxy.Securing;

namespace Fulcrum.Proxy.Tests.Securing;

public sealed class HandshakeTideTests
{
    [Fact]
    public void Memory_is_given_back_when_many_have_come_and_gone()
    {
        var (now, times) = (0, 0);
        var tide = new HandshakeTide(() => now, 100, () => times++);
        Assert.Equal(0, After(0));
        Assert.Equal(0, After(99));
        Assert.Equal(0, After(0));
        Assert.Equal(0, After(800));
        Assert.Equal(0, After(101));
        Assert.Equal(1, After(100));
        Assert.Equal(2, After(0));
        Assert.Equal(2, After(99));
        Assert.Equal(2, After(0));
        Assert.Equal(2, After(100));
        Assert.Equal(2, After(13));
        Assert.Equal(3, After(12));

        int After(int count)
        {
            now = count;
            tide.Look();
            return times;
        }
    }
}
