using System.Net;
using Fulcrum.Model.Hosts;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Tests;

public sealed class HostTests
{
    [Fact]
    public void A_host_is_found_in_every_upstream_it_serves()
    {
        var snapshot = Snapshot.Empty with
        {
            Upstreams = Named<Upstream>.From([
                new() { Name = "web", Backends = [On("10.0.0.1", 80), On("10.0.0.2", 80)] },
                new() { Name = "api", Backends = [On("10.0.0.1", 81), On("10.0.0.1", 82)] },
            ]),
        };
        var host = new Host(IPAddress.Parse("10.0.0.1"));
        Assert.Equal(
            ["web/10.0.0.1:80", "api/10.0.0.1:81", "api/10.0.0.1:82"],
            host.MembershipsIn(snapshot).Select(item => $"{item.Upstream.Name}/{item.Backend.Id}")
        );
    }

    private static Backend On(string address, int port) =>
        new() { Address = HostAddress.Of(IPAddress.Parse(address)), Port = port };
}
