using Fulcrum.Forwarding.Xdp;
using Fulcrum.TestKit;

namespace Fulcrum.Packet.Tests.Xdp;

public sealed class LoadingTests
{
    public LoadingTests() => Require.Root();

    [Fact]
    public void The_verifier_takes_it_with_everything()
    {
        using var program = new XdpProgram(new() { MostConnections = 1000 });
    }
}
