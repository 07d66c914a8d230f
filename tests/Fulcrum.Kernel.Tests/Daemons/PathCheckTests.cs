using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fulcrum.Kernel.Tests.Kit;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Kernel.Tests.Daemons;

/// <summary>Checks that take the way of clients find what a backend lacks that answers by itself.</summary>
public sealed class PathCheckTests : IAsyncDisposable
{
    private static readonly string[] Kinds = ["direct", "wrapped", "mixed", "datagrams"];

    private readonly Lab _lab = new();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_backend_that_does_not_take_what_comes_for_the_vip_is_found_and_serves_once_it_does()
    {
        Lab.RaiseAddresses(_lab.Director);
        var good = _lab.AddServerBeside("good");
        var lacking = _lab.AddServerUnprepared("lacking");
        foreach (var server in (RealServer[])[good, lacking])
        {
            server.ServeHttp(80, 82, 83);
            server.ServeUdp(53);
        }

        await using var daemon = await Daemon.Start(_lab.Director.Namespace, PathFile.Of(_lab.Director, good, lacking));
        using var api = daemon.Api();
        foreach (var service in Services(Kinds))
        {
            await See(api, service, "good", "healthy", "healthy");
            await See(api, service, "lacking", "unhealthy", "path: ");
        }

        foreach (var service in Services("direct", "wrapped", "datagrams"))
        {
            Assert.Equal("healthy", await DirectVerdict(api, $"{service}/lacking"));
        }

        await ServedBy(Kinds, "good");

        // Now it has the address, but still does not unwrap.
        Taking.Addresses(lacking.Host, Lab.Vip, Lab.Vip6);
        foreach (var service in Services("direct", "datagrams"))
        {
            await See(api, service, "lacking", "healthy", "healthy");
        }

        await ServedBy(["direct", "datagrams"], "good", "lacking");
        await ServedBy(["wrapped", "mixed"], "good");
        Taking.Tunnels(lacking.Host);
        foreach (var service in Services("wrapped", "mixed"))
        {
            await See(api, service, "lacking", "healthy", "healthy");
        }

        await ServedBy(["wrapped", "mixed"], "good", "lacking");
    }

    private static IEnumerable<string> Services(params IEnumerable<string> kinds) =>
        kinds.SelectMany(kind => (string[])[$"{kind}4", $"{kind}6"]);

    private async Task ServedBy(string[] kinds, params string[] names)
    {
        foreach (var kind in kinds)
        {
            foreach (var vip in (IPAddress[])[Lab.Vip, Lab.Vip6])
            {
                // What the API says is decided; the kernel hears of it a moment later.
                await Wait.Until(
                    () => ServersOf(kind, vip) == names.Length,
                    $"{kind} at {vip} to have the servers {string.Join(", ", names)}"
                );
                var served = new List<string>();
                for (var i = 0; i < 4; i++)
                {
                    served.Add(
                        kind == "datagrams"
                            ? await _lab.Client.AskUdp(vip, PortOf(kind))
                            : await _lab.Client.AskHttp(vip, PortOf(kind))
                    );
                }

                Assert.Equal(names, served.Distinct().Order(StringComparer.Ordinal));
            }
        }
    }

    private int ServersOf(string kind, IPAddress vip)
    {
        var service = $"-a {(kind == "datagrams" ? "-u" : "-t")} {new IPEndPoint(vip, PortOf(kind))} ";
        return _lab
            .Witness.Saved()
            .Count(line =>
                line.StartsWith(service, StringComparison.Ordinal) && !line.Contains(" -w 0", StringComparison.Ordinal)
            );
    }

    private static ushort PortOf(string kind) =>
        kind switch
        {
            "direct" => 80,
            "wrapped" => 82,
            "mixed" => 83,
            _ => 53,
        };

    private static Task See(HttpClient api, string upstream, string backend, string health, string reason) =>
        Wait.Until(
            async () =>
            {
                var seen = await api.GetFromJsonAsync<JsonElement>($"/api/v1/backends/{upstream}/{backend}");
                return seen.GetProperty("health").GetString() == health
                    && seen.GetProperty("reason").GetString()!.StartsWith(reason, StringComparison.Ordinal);
            },
            $"backend {upstream}/{backend} to be {health}: {reason}"
        );

    /// <summary>What the backend says when it is asked itself.</summary>
    private static async Task<string?> DirectVerdict(HttpClient api, string backend)
    {
        var checks = await api.GetFromJsonAsync<JsonElement>($"/api/v1/checks?check={backend}");
        return checks
            .GetProperty("items")
            .EnumerateArray()
            .Single(check => check.GetProperty("via").GetString() == "direct")
            .GetProperty("verdict")
            .GetString();
    }
}
