using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench.Proxies;

/// <summary>One kind of work that all contenders do.</summary>
/// <param name="Name">As in <c>--rows</c>.</param>
/// <param name="Title">What it is.</param>
/// <param name="Unit">How its amounts are written.</param>
/// <param name="Goal">What is wanted of Fulcrum; null where that is no ratio.</param>
/// <param name="Load">Makes the load.</param>
internal sealed record Row(string Name, string Title, Unit Unit, Goal? Goal, Func<Backends, Place, ILoad> Load)
{
    private const int Small = 128;

    // A body that fills a buffer of HAProxy's, and what stands before it in the answer of a web server.
    private const int Large = Small + (16 * 1024);

    /// <summary>Datagrams: what does not know them is left out, and the peer is nginx.</summary>
    public bool IsDatagrams { get; init; }

    /// <summary>HAProxy with larger buffers, and HAProxy that splices, are measured too.</summary>
    public bool IsBuffered { get; init; }

    /// <summary>Answers are waited for.</summary>
    public bool HasLatency { get; init; } = true;

    /// <summary>Clients speak TLS, which the proxy terminates.</summary>
    public bool IsSecure { get; init; }

    /// <summary>Connections that only stay, each with one exchange behind it; 0: this row is about work.</summary>
    public int Idle { get; init; }

    /// <summary>So many bytes each of those may take; null: they are only told.</summary>
    public double? MostBytes { get; init; }

    private static Goal Burst => new(1.6);

    /// <summary>Of datagrams that come alone the kernel's work is most, and no proxy can save any of that.</summary>
    private static Goal Alone => new(1.6) { OfFloor = 0.9 };

    public static IReadOnlyList<Row> All { get; } =
    [
        Requests("requests", "request/response, 64 connections, 128 bytes", Small) with
        {
            Goal = new Goal(1.0, 0.95) { ThroughputOfBusy = 1.05 },
        },
        Requests("requests-16k", "request/response, 64 connections, answers of 128 bytes and 16 KiB", Large) with
        {
            Goal = new Goal(1.5),
            IsBuffered = true,
        },
        new(
            "connections",
            "new connections, 32 at once, 128 bytes each way",
            Unit.Each,
            new Goal(1.0, 0.98),
            (backends, _) => new Exchange(backends.Listener, Exchange.Manner.Close, 32, Small, Small)
        ),
        Bulk("bulk-1", "bulk, 1 stream", 1),
        Bulk("bulk-16", "bulk, 16 streams", 16),
        Datagrams("udp-64", "UDP, 64 bytes, 64 flows", 64, 64, Alone),
        Datagrams("udp-1400", "UDP, 1,400 bytes, 64 flows", 1400, 64, Alone),
        Datagrams("udp-1000-flows", "UDP, 64 bytes, 1,000 flows", 64, 1000, Alone),
        Datagrams("udp-64-bursts", "UDP, bursts of 4 × 64 bytes, 64 flows", 64, 64, Burst, burst: 4, most: 16),
        Datagrams("udp-1400-bursts", "UDP, bursts of 4 × 1,400 bytes, 64 flows", 1400, 64, Burst, burst: 4, most: 16),
        Datagrams("udp-1000-bursts", "UDP, bursts of 4 × 64 bytes, 1,000 flows", 64, 1000, Burst, burst: 4, most: 16),
        Datagrams("udp-trains", "UDP, trains of 20 × 1,200 bytes", 1200, 64, new Goal(10), train: 20, most: 4),
        new(
            "idle",
            "9,000 idle connections",
            Unit.Each,
            null,
            (backends, _) => new Exchange(backends.Listener, Exchange.Manner.Stay, 0, Small, Small)
        )
        {
            Idle = 9000,
            MostBytes = 1024,
        },
        Secure("tls-requests", "TLS, request/response, 64 connections, 128 bytes", Exchange.Manner.Again, 64, null) with
        {
            Goal = new Goal(1.0, 1.0),
        },
        Secure(
            "tls-handshakes",
            "TLS, new connections, 32 at once, full handshakes",
            Exchange.Manner.Close,
            32,
            false
        ) with
        {
            Goal = new Goal(1.0, 0.8) { ThroughputOfBusy = 1.25 },
        },
        Secure("tls-resumed", "TLS, new connections, 32 at once, resumed", Exchange.Manner.Close, 32, true) with
        {
            Goal = new Goal(1.0, 1.0),
        },
        Secure("tls-idle", "2,000 idle TLS connections", Exchange.Manner.Stay, 0, null) with
        {
            Idle = 2000,
        },
    ];

    private static Row Requests(string name, string title, int response) =>
        new(
            name,
            title,
            Unit.Each,
            null,
            (backends, _) => new Exchange(backends.Listener, Exchange.Manner.Again, 64, Small, response)
        );

    private static Row Secure(string name, string title, Exchange.Manner manner, int connections, bool? resumes) =>
        new(
            name,
            title,
            Unit.Each,
            null,
            (backends, _) => new SecureExchange(backends.Listener, manner, connections, Small, resumes)
        )
        {
            IsSecure = true,
        };

    private static Row Bulk(string name, string title, int streams) =>
        new(name, title, Unit.Bytes, new Goal(1.25, 0.4), (backends, _) => new Bulk(backends.Listener, streams))
        {
            IsBuffered = true,
            HasLatency = false,
        };

    /// <param name="train">So many are sent as one.</param>
    /// <param name="burst">So many are sent one after the other.</param>
    /// <param name="most">
    /// Datagrams, trains or bursts on their way at once for each loop, so that no socket of one has to hold many more.
    /// </param>
    private static Row Datagrams(
        string name,
        string title,
        int length,
        int flows,
        Goal goal,
        int train = 1,
        int burst = 1,
        int most = 64
    ) =>
        new(
            name,
            title,
            Unit.Each,
            goal,
            (backends, place) =>
                new Datagrams(
                    backends.DatagramSocket,
                    place.FirstSource,
                    flows,
                    length,
                    train,
                    Math.Min(flows, most * place.Loops)
                )
                {
                    Burst = burst,
                }
        )
        {
            IsDatagrams = true,
        };
}
