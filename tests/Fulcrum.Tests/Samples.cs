using Fulcrum.Api.Certificates;
using Fulcrum.Api.Checks;
using Fulcrum.Api.Objects;
using Fulcrum.Api.Overrides;
using Fulcrum.Api.Problems;
using Fulcrum.Api.Sessions;
using Fulcrum.Api.Status;

namespace Fulcrum.Tests;

/// <summary>A node as it may be at three in the morning: documents of every kind that are always the same.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Now = new(2031, 3, 1, 3, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, string> None = [];

    public static IReadOnlyList<OverrideDocument> Overrides { get; } =
    [
        new()
        {
            Target = "backend/web/10.0.13.2:8080",
            Action = "drain",
            Owner = "alice",
            Reason = "kernel update, ticket 4711",
            Since = Now.AddMinutes(-25),
            Expires = Now.AddMinutes(95),
        },
        new()
        {
            Target = "host/10.0.13.9",
            Action = "disable",
            Owner = "deploy",
            Since = Now.AddDays(-3),
        },
        new()
        {
            Target = "upstream/resolvers",
            Action = "weight",
            Weight = 5,
            Owner = "bob",
            Since = Now.AddHours(-7),
            Expires = Now.AddSeconds(42),
        },
    ];

    public static IReadOnlyList<SessionDocument> Sessions { get; } =
    [
        Session("0-0-6b3c1f0a92d41", "shop", "198.51.100.7:40112", "web", "10.0.13.1:8080", "open", 3_725, 8_421),
        Session("0-1-6b3c1f0a92e07", "shop", "203.0.113.200:51544", "web", "10.0.13.2:8080", "draining", 90_061, 12),
        Session("0-2-6b3c1f0a93111", "shop", "[2001:db8:7:11::200]:61002", "web", "10.0.13.9:8080", "connecting", 1, 0),
        Session("1-0-6b3c1f0a93a00", "mail", "198.51.100.9:40113", "mail", "10.0.14.1:25", "closing", 61, 4_194_304),
        Session("1-5-6b3c1f0a93f4c", "resolve", "198.51.100.7:5353", null, null, "waiting", 12, 64),
    ];

    public static IReadOnlyList<ServiceDocument> Services { get; } =
    [
        new()
        {
            Name = "dns",
            Source = "file /etc/fulcrum/fulcrum.yaml",
            Labels = new Dictionary<string, string> { ["tier"] = "anycast" },
            Listen = ["udp://192.0.2.53:53", "tcp://192.0.2.53:53"],
            Forward = "dsr",
            Plane = "xdp",
            Upstreams = ["resolvers"],
            Health = "healthy",
            Reason = "its upstream resolvers is healthy",
            Leaving = false,
            Backends = new(3, 3, 3),
            Counters = Counters(0, 184_467_440, 12_884_901_888, 51_539_607_552),
        },
        new()
        {
            Name = "legacy-intranet-directory-of-the-northern-branch",
            Source = "the API",
            Labels = None,
            Listen = ["tcp://192.0.2.81:389"],
            Forward = "proxy",
            Plane = "proxy",
            Upstreams = ["ldap"],
            Health = "unknown",
            Reason = "its upstream ldap is unknown: 0 of 2 healthy, 2 not asked yet",
            Leaving = true,
            Backends = new(2, 0, 0),
            Counters = Counters(0, 0, 0, 0),
        },
        new()
        {
            Name = "mail",
            Source = "file /etc/fulcrum/fulcrum.yaml",
            Labels = None,
            Listen = ["tcp://[2001:db8::25]:25"],
            Forward = "proxy",
            Plane = "proxy",
            Upstreams = ["mail"],
            Health = "unhealthy",
            Reason = "its upstream mail is unhealthy: 0 of 1 healthy",
            Leaving = false,
            Backends = new(1, 0, 0),
            Counters = Counters(0, 9_214, 52_428_800, 1_048_576, refused: 311),
        },
        new()
        {
            Name = "shop",
            Source = "file /etc/fulcrum/fulcrum.yaml",
            Labels = new Dictionary<string, string> { ["tier"] = "web", ["site"] = "ams" },
            Listen = ["https://192.0.2.80:443", "tcp://192.0.2.80:80"],
            Forward = "proxy",
            Plane = "proxy",
            Upstreams = ["web"],
            Health = "healthy",
            Reason = "its upstream web is healthy",
            Leaving = false,
            Backends = new(4, 2, 3),
            Counters = Counters(1_312, 5_310_442, 6_442_450_944, 98_784_247_808, failures: 17, retries: 12),
            Tls = new()
            {
                Handshakes = 4_910_112,
                Resumed = 3_120_004,
                Timeouts = 12,
                Failed = 431,
                Failures = new Dictionary<string, long> { ["version"] = 402, ["alert"] = 29 },
            },
        },
    ];

    public static IReadOnlyList<UpstreamDocument> Upstreams { get; } =
    [
        Upstream("ldap", "unknown", "0 of 2 healthy, 2 not asked yet", new(2, 0, 0), Services[1]),
        Upstream("mail", "unhealthy", "0 of 1 healthy", new(1, 0, 0), Services[2]),
        Upstream("resolvers", "healthy", "3 of 3 healthy", new(3, 3, 3), Services[0]),
        Upstream("spare", "unused", "no service leads to it", new(2, 0, 0), null),
        Upstream("web", "healthy", "3 of 4 healthy", new(4, 2, 3), Services[3]),
    ];

    public static IReadOnlyList<BackendDocument> Backends { get; } =
    [
        Backend(
            "mail",
            "10.0.14.1:25",
            "rest",
            "unhealthy",
            "smtp: read timed out after 1s",
            Counters(0, 9_214, 52_428_800, 1_048_576, failures: 4_711)
        ),
        Backend(
            "resolvers",
            "dns1",
            "serve",
            "healthy",
            "healthy",
            Counters(0, 61_489_146, 4_294_967_296, 17_179_869_184)
        ),
        Backend(
            "web",
            "10.0.13.1:8080",
            "serve",
            "healthy",
            "healthy",
            Counters(702, 2_655_221, 3_221_225_472, 49_392_123_904)
        ),
        Backend(
            "web",
            "10.0.13.2:8080",
            "drain",
            "healthy",
            "drain by alice: kernel update, ticket 4711 (until 2031-03-01T04:35:00Z)",
            Counters(3, 1_770_147, 2_147_483_648, 32_928_082_602)
        ) with
        {
            Override = Overrides[0],
        },
        Backend(
            "web",
            "10.0.13.9:8080",
            "rest",
            "unhealthy",
            "http: status 503, expected 200..299; body 'Wartung – 保守中'",
            Counters(0, 12, 4_096, 8_192, failures: 17)
        ),
        Backend(
            "web",
            "canary.blue.deployments.shop.example.com:8080",
            "serve",
            "healthy",
            "healthy",
            Counters(607, 885_062, 1_073_741_824, 16_464_041_301)
        ),
    ];

    public static IReadOnlyList<CheckDocument> Checks { get; } =
    [
        Check(["mail/10.0.14.1:25/smtp"], "smtp", "10.0.14.1:25", "unhealthy", "read timed out after 1s", -90, null),
        Check(
            ["resolvers/dns1/dns", "resolvers-v6/dns1/dns"],
            "dns",
            "192.0.2.53:53",
            "healthy",
            "192.0.2.80 in 3 answers",
            -260_000,
            2.114
        ) with
        {
            Via = "forwarding",
        },
        Check(["web/10.0.13.1:8080/http"], "http", "10.0.13.1:8080", "healthy", "status 200", -86_000, 12.4) with
        {
            Warning = "the certificate ends in 6 days",
        },
        Check(
            ["web/10.0.13.9:8080/http"],
            "http",
            "10.0.13.9:8080",
            "unhealthy",
            "status 503, expected 200..299; body 'Wartung – 保守中'",
            -754,
            1_840
        ) with
        {
            Flapping = true,
        },
        Check(["web/canary/http"], "http", "10.0.13.40:8080", "unknown", "not asked yet", 0, null) with
        {
            Recent = [],
            Since = null,
            NextInMs = null,
            Activity = "paused",
        },
    ];

    public static IReadOnlyList<VipDocument> Vips { get; } =
    [
        Vip("dns", "up", "active", "all of its services are up", ["192.0.2.53"], ["dns"]),
        Vip("edge", "down", "standby", "lb1 is active for it", ["192.0.2.80/24", "2001:db8::80/64"], ["mail", "shop"]),
    ];

    public static IReadOnlyList<CertificateDocument> Certificates { get; } =
    [
        Certificate(
            "/etc/fulcrum/certificates/northern-branch/intranet-directory.pem",
            "expiring",
            6 * 86_400 + 7_200
        ) with
        {
            Reason = "it ends soon, at 2031-03-07T05:00:00Z",
            Names = ["directory.north.example.com", "*.north.example.com"],
            UsedBy = ["legacy-intranet-directory-of-the-northern-branch"],
            LastError = "the key does not belong to the certificate",
        },
        Certificate("/etc/fulcrum/old.pem", "expired", -2 * 86_400 - 3_600) with
        {
            Reason = "it ended at 2031-02-27T02:00:00Z",
            Names = ["old.example.com"],
        },
        Certificate("/etc/fulcrum/shop.pem", "valid", 61 * 86_400) with
        {
            Reason = "valid until 2031-05-01T03:00:00Z",
            Names = ["shop.example.com", "www.shop.example.com"],
        },
        Certificate("api.example.com", "expiring", 40_000) with
        {
            Source = "acme",
            Reason = "it ends soon, at 2031-03-01T14:06:40Z",
            Names = ["api.example.com"],
            Key = "ECDSA P-256",
        },
        new()
        {
            Name = "new.example.com",
            Source = "acme",
            State = "pending",
            Reason = "none was got yet",
            Names = [],
            UsedBy = ["shop"],
        },
    ];

    public static IReadOnlyList<AnnouncementDocument> Announcements { get; } =
    [
        new()
        {
            Name = "anycast",
            Source = "file /etc/fulcrum/fulcrum.yaml",
            Kind = "bgp",
            Addresses = ["192.0.2.53"],
        },
        new()
        {
            Name = "pair",
            Source = "file /etc/fulcrum/fulcrum.yaml",
            Kind = "vrrp",
            Addresses = [],
            Trouble = "eth1: there is no such interface",
        },
    ];

    public static IReadOnlyList<PeerDocument> Peers { get; } =
    [
        new()
        {
            Name = "tor1",
            Source = "file /etc/fulcrum/fulcrum.yaml",
            Labels = new Dictionary<string, string> { ["rack"] = "a" },
            Address = "192.0.2.1",
            As = 64_513,
            LocalAs = 64_512,
        },
        new()
        {
            Name = "tor2",
            Source = "file /etc/fulcrum/fulcrum.yaml",
            Labels = new Dictionary<string, string> { ["rack"] = "b" },
            Address = "2001:db8::2",
            As = 4_200_000_001,
            LocalAs = 64_512,
        },
    ];

    public static IReadOnlyList<PlaneDocument> Planes { get; } =
    [
        new()
        {
            Name = "ipvs",
            State = "missing",
            Reason = "the kernel has no ip_vs",
            Forwardings = ["nat", "dsr", "tunnel"],
            Services = 0,
            Generation = 0,
            Refusals = 0,
            Writes = 0,
        },
        new()
        {
            Name = "proxy",
            State = "ready",
            Forwardings = ["proxy"],
            Services = 1_212,
            Generation = 17,
            Refusals = 2,
            Writes = 0,
        },
    ];

    public static IReadOnlyList<SourceDocument> Sources { get; } =
    [
        new()
        {
            Name = "file /etc/fulcrum/fulcrum.yaml",
            Kind = "file",
            Objects = new Dictionary<string, int>
            {
                ["services"] = 3,
                ["upstreams"] = 1,
                ["vips"] = 2,
            },
            Quarantined = [],
        },
        new()
        {
            Name = "kubernetes prod",
            Kind = "kubernetes",
            Objects = new Dictionary<string, int> { ["services"] = 212, ["upstreams"] = 212 },
            Quarantined =
            [
                new(
                    "services/shop/cart",
                    [
                        new ProblemEntry
                        {
                            Path = "services.shop/cart",
                            Message = "tcp://192.0.2.80:80 belongs to shop of file /etc/fulcrum/fulcrum.yaml",
                        },
                    ]
                ),
            ],
        },
    ];

    public static StatusDocument Status { get; } =
        new()
        {
            Node = "lb1",
            Version = "0.1.0+1a2b3c4d",
            Pid = 4711,
            Source = "/etc/fulcrum/fulcrum.yaml",
            Started = Now.AddDays(-12).AddHours(-5),
            Generation = 218,
            Services = [.. Services.Select(Of)],
            Vips =
            [
                .. Vips.Select(vip => new VipStatus
                {
                    Name = vip.Name,
                    Addresses = vip.Addresses,
                    State = vip.State,
                    Reason = vip.Reason,
                }),
            ],
            Checks = new(3, 2, 1),
            Certificates = new(1, 1, 2, 1),
            Overrides = Overrides,
            Troubles =
            [
                new()
                {
                    Kind = "announcement",
                    Name = "pair 192.0.2.80",
                    Reason = "eth1: there is no such interface",
                    RetryAt = Now.AddSeconds(8),
                },
                new()
                {
                    Kind = "certificate",
                    Name = Certificates[0].Name,
                    Reason = Certificates[0].LastError!,
                },
                new()
                {
                    Kind = "certificate",
                    Name = Certificates[1].Name,
                    Reason = Certificates[1].Reason,
                },
            ],
            ConfirmBy = Now.AddSeconds(43),
        };

    private static ServiceStatus Of(ServiceDocument service) =>
        new()
        {
            Name = service.Name,
            Listen = service.Listen,
            Healthy = service.Health == "healthy",
            Counters = service.Counters,
            Waiting = 0,
            Backends =
            [
                .. Backends
                    .Where(backend => service.Upstreams.Contains(backend.Upstream))
                    .Select(backend => new BackendStatusDocument
                    {
                        Upstream = backend.Upstream,
                        Id = backend.Id,
                        Address = backend.Address,
                        Weight = backend.Weight,
                        Duty = backend.Duty,
                        Health = backend.Health,
                        Reason = backend.Reason,
                        Counters = backend.Counters,
                    }),
            ],
            Tls = service.Tls,
        };

    private static UpstreamDocument Upstream(
        string name,
        string health,
        string reason,
        BackendCounts backends,
        ServiceDocument? service
    ) =>
        new()
        {
            Name = name,
            Source = "file /etc/fulcrum/fulcrum.yaml",
            Labels = None,
            Services = service is null ? [] : [service.Name],
            Health = health,
            Reason = reason,
            Backends = backends,
            Counters = service?.Counters ?? Counters(0, 0, 0, 0),
        };

    private static BackendDocument Backend(
        string upstream,
        string id,
        string duty,
        string health,
        string reason,
        CountersStatus counters
    ) =>
        new()
        {
            Name = $"{upstream}/{id}",
            Upstream = upstream,
            Id = id,
            Address = id.StartsWith("10.", StringComparison.Ordinal) ? id : "10.0.13.40:8080",
            Labels = new Dictionary<string, string> { ["rack"] = "a" },
            Priority = 0,
            Weight = 1,
            Duty = duty,
            Health = health,
            Reason = reason,
            Services = ["shop"],
            Counters = counters,
        };

    private static CertificateDocument Certificate(string name, string state, long seconds) =>
        new()
        {
            Name = name,
            Source = "file",
            State = state,
            Reason = "",
            Names = [],
            Issuer = "CN=Example Issuing CA 3, O=Example, C=NL",
            NotBefore = Now.AddSeconds(seconds).AddDays(-90),
            NotAfter = Now.AddSeconds(seconds),
            ExpiresInSeconds = seconds,
            Key = "RSA 2048",
            Fingerprint = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            UsedBy = ["shop"],
        };

    private static SessionDocument Session(
        string id,
        string service,
        string client,
        string? upstream,
        string? backend,
        string state,
        int age,
        long bytes
    ) =>
        new()
        {
            Id = id,
            Service = service,
            Listener = service == "resolve" ? "udp://192.0.2.53:53" : "tcp://192.0.2.80:443",
            Protocol = service == "resolve" ? "udp" : "tcp",
            Client = client,
            Upstream = upstream,
            Backend = backend,
            Began = Now.AddSeconds(-age),
            AgeSeconds = age,
            BytesIn = bytes,
            BytesOut = bytes * 7,
            State = state,
        };

    private static CheckDocument Check(
        string[] names,
        string kind,
        string target,
        string verdict,
        string reason,
        int since,
        double? milliseconds
    ) =>
        new()
        {
            Checks = names,
            Kind = kind,
            Target = target,
            Via = "direct",
            Verdict = verdict,
            Since = Now.AddSeconds(since),
            Reason = reason,
            InARow = 45,
            Results = 4_321,
            Transitions = 2,
            Flapping = false,
            Activity = "waiting",
            NextInMs = 730,
            Recent =
            [
                new()
                {
                    At = Now.AddMilliseconds(-270),
                    Result = verdict == "healthy" ? "good" : "bad",
                    Reason = reason,
                    ConnectMs = milliseconds / 4,
                    AnswerMs = milliseconds * 3 / 4,
                },
                new()
                {
                    At = Now.AddMilliseconds(-2270),
                    Result = verdict == "healthy" ? "good" : "bad",
                    Reason = reason,
                    ConnectMs = milliseconds / 4,
                    AnswerMs = milliseconds * 3 / 4,
                },
            ],
        };

    private static VipDocument Vip(
        string name,
        string state,
        string role,
        string reason,
        string[] addresses,
        string[] services
    ) =>
        new()
        {
            Name = name,
            Source = "file /etc/fulcrum/fulcrum.yaml",
            Labels = None,
            Addresses = addresses,
            State = state,
            Role = role,
            Reason = reason,
            Services = services,
        };

    private static CountersStatus Counters(
        long active,
        long total,
        long bytesIn,
        long bytesOut,
        long failures = 0,
        long retries = 0,
        long refused = 0
    ) =>
        new()
        {
            Active = active,
            Total = total,
            BytesIn = bytesIn,
            BytesOut = bytesOut,
            ConnectFailures = failures,
            Retries = retries,
            RetriesDenied = 0,
            Refused = refused,
            RefusedByRule = 0,
            RefusedByLimit = 0,
            RefusedBySource = 0,
            RefusedByRate = 0,
            RefusedByQueue = 0,
            IdleTimeouts = 0,
            Resets = 0,
            Dropped = 0,
        };
}
