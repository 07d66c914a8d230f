using System.IO.Pipelines;
using System.Net;
using Fulcrum.Api.Metrics.Exposition;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit.Exposition;

namespace Fulcrum.Api.Tests.Metrics;

/// <summary>An engine whose plane counted what the test says, and the page of its metrics.</summary>
public abstract class MetricsTest : ApiTest
{
    private protected object Scope { get; } = new();

    private protected void Measure() =>
        Metrics = new(
            Scope,
            new("lb1", "1.2.3", "web.yaml", DateTimeOffset.UnixEpoch),
            Engine,
            Journal,
            TimeProvider.System
        );

    /// <summary>The page as it is written, read strictly.</summary>
    private protected async Task<(byte[] Bytes, ExpositionPage Page)> ReadAsync(bool isOpen = true)
    {
        using var stream = new MemoryStream();
        var writer = PipeWriter.Create(stream);
        var format = isOpen ? ExpositionFormat.OpenMetrics : ExpositionFormat.Prometheus;
        Assert.True(await Metrics!.Desk.TryEnterAsync(CancellationToken.None));
        await Metrics.Desk.ServeAsync(writer, format, CancellationToken.None);
        await writer.CompleteAsync();
        var bytes = stream.ToArray();
        return (bytes, ExpositionParser.Parse(bytes, isOpen));
    }

    /// <summary>Services of two backends each, and what a plane would have counted of them.</summary>
    private protected static (Snapshot Snapshot, PlaneObservation Observation) Many(int services, int maxSeries)
    {
        var upstreams = new List<Upstream>(services);
        var list = new List<Service>(services);
        var observed = new List<ObservedService>(services);
        for (var number = 0; number < services; number++)
        {
            var name = $"service-{number}";
            IPAddress[] addresses =
            [
                new([10, 1, (byte)(number >> 8), (byte)number]),
                new([10, 2, (byte)(number >> 8), (byte)number]),
            ];
            upstreams.Add(
                new()
                {
                    Name = name,
                    Backends = Items.From(
                        addresses.Select(address => new Backend { Address = HostAddress.Of(address), Port = 80 })
                    ),
                }
            );
            list.Add(Serve(name, ListenerProtocol.Tcp, new([10, 0, (byte)(number >> 8), (byte)number])));
            observed.Add(
                new(
                    name,
                    new()
                    {
                        Total = number,
                        Active = 2,
                        BytesIn = 123_456_789_012,
                    },
                    Items.From(
                        addresses.Select(address => new ObservedBackend(name, $"{address}:80", new() { Total = 1 }))
                    )
                )
                {
                    Connects = new(
                        [1_000, 5_000, 25_000, 100_000, 500_000, 2_500_000],
                        [1, 2, 3, 4, 5, 6, 7],
                        1_234_567
                    ),
                    Lengths = new(
                        [100_000, 1_000_000, 10_000_000, 60_000_000, 600_000_000, 3_600_000_000],
                        [1, 2, 3, 4, 5, 6, 7],
                        9
                    ),
                }
            );
        }

        return (
            Snapshot.Empty with
            {
                Metrics = new() { MaxSeries = maxSeries },
                Upstreams = Named<Upstream>.From(upstreams),
                Services = Named<Service>.From(list),
            },
            new(1, Items.From(observed))
        );
    }

    private protected static Service Serve(string name, ListenerProtocol protocol, IPAddress address) =>
        new()
        {
            Name = name,
            Listeners =
            [
                new()
                {
                    Protocol = protocol,
                    Address = address,
                    Ports = PortRange.Of(8080),
                },
            ],
            Upstream = name,
        };
}
