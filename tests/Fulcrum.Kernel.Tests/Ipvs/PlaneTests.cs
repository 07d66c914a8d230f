using System.Globalization;
using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Ipvs;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Forward = Fulcrum.Model.Services.Forwarding;

namespace Fulcrum.Kernel.Tests.Ipvs;

/// <summary>The plane on a real table, without a daemon around it.</summary>
public sealed class PlaneTests : IDisposable
{
    // The kernel of a guest takes its time with memory: the whole count is for the soak.
    private static readonly int Services = Soak.Count(1000, atLeast: 200);
    private const int Servers = 20;

    private readonly TemporaryDirectory _state = new();
    private readonly ITestOutputHelper _output;

    public PlaneTests(ITestOutputHelper output)
    {
        Guest.Need();
        _output = output;
        Ipvsadm.Run("-C");
    }

    public void Dispose()
    {
        Ipvsadm.Run("-C");
        _state.Dispose();
    }

    [Fact]
    public async Task Many_services_are_made_and_nothing_is_made_twice()
    {
        var services = Enumerable.Range(0, Services).Select(number => Service(number, weight: 1)).ToArray();
        await using var warm = new IpvsPlane(new() { OwnedFile = _state.PathOf("warm") }, TimeProvider.System);
        await TellAsync(warm, services[..100]);
        await TellAsync(warm);
        Ipvsadm.Run("-C");

        var began = TimeProvider.System.GetTimestamp();
        await using var plane = Plane();
        await TellAsync(plane, services);
        var ours = TimeProvider.System.GetElapsedTime(began);
        Assert.Equal(Services * (Servers + 1), plane.Writes);
        var saved = Ipvsadm.Saved();
        Assert.Equal(Services * (Servers + 1), saved.Count);

        Ipvsadm.Run("-C");
        began = TimeProvider.System.GetTimestamp();
        Ipvsadm.Restore(
            string.Join('\n', saved.OrderByDescending(line => line.StartsWith("-A", StringComparison.Ordinal)))
        );
        var theirs = TimeProvider.System.GetElapsedTime(began);
        Assert.Equal(saved, Ipvsadm.Saved());
        _output.WriteLine(
            $"{Services} services, empty to full: {ours.TotalMilliseconds:0} ms; ipvsadm -R: {theirs.TotalMilliseconds:0} ms"
        );

        began = TimeProvider.System.GetTimestamp();
        await using var next = Plane();
        await TellAsync(next, services);
        _output.WriteLine(
            $"full to full by a new process: {next.Writes} writes, {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:0} ms"
        );
        Assert.Equal(0, next.Writes);

        services[100] = Service(100, weight: 3);
        began = TimeProvider.System.GetTimestamp();
        await TellAsync(next, services);
        _output.WriteLine(
            $"one backend changed: {next.Writes} write, {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:0.0} ms"
        );
        Assert.Equal(1, next.Writes);
    }

    [Theory]
    [InlineData(BalanceAlgorithm.RoundRobin, HashKey.SourceAddress, "-s rr")]
    [InlineData(BalanceAlgorithm.WeightedRoundRobin, HashKey.SourceAddress, "-s wrr")]
    [InlineData(BalanceAlgorithm.LeastConnections, HashKey.SourceAddress, "-s wlc")]
    [InlineData(BalanceAlgorithm.UnweightedLeastConnections, HashKey.SourceAddress, "-s lc")]
    [InlineData(BalanceAlgorithm.SourceHash, HashKey.SourceAddress, "-s sh -b sh-fallback")]
    [InlineData(BalanceAlgorithm.SourceHash, HashKey.SourceAddressAndPort, "-s sh -b sh-fallback,sh-port")]
    [InlineData(BalanceAlgorithm.Maglev, HashKey.SourceAddress, "-s mh -b mh-fallback")]
    [InlineData(BalanceAlgorithm.Maglev, HashKey.SourceAddressAndPort, "-s mh -b mh-fallback,mh-port")]
    [InlineData(BalanceAlgorithm.DestinationHash, HashKey.SourceAddress, "-s dh")]
    [InlineData(BalanceAlgorithm.ShortestExpectedDelay, HashKey.SourceAddress, "-s sed")]
    [InlineData(BalanceAlgorithm.NeverQueue, HashKey.SourceAddress, "-s nq")]
    [InlineData(BalanceAlgorithm.First, HashKey.SourceAddress, "-s fo")]
    [InlineData(BalanceAlgorithm.Overflow, HashKey.SourceAddress, "-s ovf")]
    [InlineData(BalanceAlgorithm.Locality, HashKey.SourceAddress, "-s lblc")]
    [InlineData(BalanceAlgorithm.LocalityReplicated, HashKey.SourceAddress, "-s lblcr")]
    public async Task Every_scheduler_and_its_flags_are_there(BalanceAlgorithm algorithm, HashKey hash, string words)
    {
        await using var plane = Plane();
        await TellAsync(plane, Service(0, 1, servers: 0, new Balance { Algorithm = algorithm, Hash = hash }));
        Assert.Equal([$"-A -t 10.200.0.0:80 {words}"], Ipvsadm.Saved());
        await plane.LookNowAsync(CancellationToken.None);
        Assert.Equal(1, plane.Writes);
    }

    [Fact]
    public async Task A_scheduler_that_this_kernel_does_not_have_is_refused_by_name()
    {
        await using var plane = Plane();
        var error = await Assert.ThrowsAsync<PlaneRefusedException>(() =>
            TellAsync(plane, Service(0, 1, 0, new Balance { Algorithm = BalanceAlgorithm.PowerOfTwo }))
        );
        Assert.Contains("modprobe ip_vs_twos", error.Message, StringComparison.Ordinal);
        Assert.Empty(Ipvsadm.Saved());
    }

    private IpvsPlane Plane() => new(new() { OwnedFile = _state.PathOf("ipvs") }, TimeProvider.System);

    private static async Task TellAsync(IpvsPlane plane, params PlaneService[] services)
    {
        var map = services.Aggregate(Map<string, PlaneService>.Empty, (all, one) => all.With(one.Name, one));
        await using var prepared = await plane.PrepareAsync(
            PlaneTable.Empty with
            {
                Services = map,
            },
            CancellationToken.None
        );
        await prepared.CommitAsync();
    }

    private static PlaneService Service(int number, int weight, int servers = Servers, Balance? balance = null) =>
        new()
        {
            Name = number.ToString(CultureInfo.InvariantCulture),
            Sessions = SessionOptions.Default with { Drain = DrainOptions.Default with { Deadline = TimeSpan.Zero } },
            Client = ClientRules.None,
            Listeners =
            [
                new()
                {
                    Listener = new()
                    {
                        Protocol = ListenerProtocol.Tcp,
                        Address = new IPAddress([10, 200, (byte)(number / 250), (byte)(number % 250)]),
                        Ports = PortRange.Of(80),
                    },
                    Destinations =
                    [
                        new(
                            balance ?? Balance.Default,
                            new()
                            {
                                Name = "pool",
                                ConnectTimeout = TimeSpan.FromSeconds(1),
                                ConnectRetries = 0,
                                Backends = Items.From(
                                    Enumerable
                                        .Range(0, servers)
                                        .Select(server => new PlaneBackend
                                        {
                                            Id = $"{server}",
                                            Address = new IPAddress([
                                                10,
                                                100,
                                                (byte)(number % 250),
                                                (byte)(server + 1),
                                            ]),
                                            Port = null,
                                            Weight = server == 7 ? weight : 1,
                                            Duty = BackendDuty.Serve,
                                        })
                                ),
                            }
                        )
                        {
                            Forward = Forward.Nat,
                        },
                    ],
                },
            ],
        };
}
