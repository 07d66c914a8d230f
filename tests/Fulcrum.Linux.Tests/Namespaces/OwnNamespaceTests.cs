using Fulcrum.Linux.Namespaces;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Namespaces;

public sealed class OwnNamespaceTests
{
    [Fact]
    public async Task What_is_made_in_it_is_seen_nowhere_else()
    {
        Require.Root();
        using var own = new OwnNamespace();
        using var inside = new Rtnetlink(own.Open, TimeProvider.System);
        using var outside = new Rtnetlink(NetlinkSocket.Open, TimeProvider.System);
        Assert.Equal("lo", Assert.Single(await inside.Links.ListAsync()).Name);

        var made = $"own{Environment.ProcessId % 100_000}";
        await inside.Links.AddAsync(new NetworkLink { Name = made, Kind = new VethKind() });
        Assert.NotNull(await inside.Links.FindAsync(made));
        Assert.Null(await outside.Links.FindAsync(made));
    }
}
