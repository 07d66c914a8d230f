using Fulcrum.Forwarding.Wide;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Packet.Tests.Wide;

public sealed class LoadingTests
{
    [Fact]
    public void The_kernel_takes_the_program()
    {
        using var home = NetworkNamespace.Create("wide");
        home.Run(() => new LookupProgram().Dispose());
    }
}
