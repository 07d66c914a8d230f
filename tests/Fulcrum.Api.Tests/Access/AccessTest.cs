using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Api.Access.Tokens;
using Fulcrum.Model;
using Fulcrum.Model.Access;
using Fulcrum.Model.Services;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.Api.Tests.Access;

/// <summary>A node whose API listens on TCP, with tokens, certificates and a clock of its own.</summary>
public abstract class AccessTest : ApiTest
{
    private readonly TestAuthority _authority = TestAuthority.Create();

    // Certificates are judged by the wall clock, so this one begins there.
    private protected ManualTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    private protected string Tokens => PathOf("tokens");

    private protected string Audit => PathOf("audit.log");

    private protected Task<ApiServer> StartAsync(ApiSettings settings) => StartAsync(settings, Parts());

    private protected async Task<ApiServer> StartAsync(ApiSettings settings, Snapshot snapshot)
    {
        await ApplyAsync(snapshot with { Api = settings });
        return await StartAsync(node => node with { Time = Time, AuditFile = Audit });
    }

    /// <summary>Loopback without TLS.</summary>
    private protected ApiSettings Open() =>
        new()
        {
            Listen = [new(IPAddress.Loopback, 0)],
            Tokens = Tokens,
            Rate = 1000,
        };

    /// <summary>All addresses, with TLS.</summary>
    private protected ApiSettings Closed() =>
        Open() with
        {
            Listen = [new(IPAddress.Any, 0)],
            Tls = Certificates("api"),
            Clients =
            [
                new("root.example.com", AccessRole.Admin),
                new("*.ops.example.com", AccessRole.Operator),
                new("web.example.com", AccessRole.Operator) { Select = OfWeb },
            ],
        };

    private protected static Selector OfWeb { get; } = new([new("tier", SelectorOperator.In, ["web"])]);

    /// <summary>Writes a certificate of the API's own, and who signs those of clients.</summary>
    private protected ApiTls Certificates(string name)
    {
        using var certificate = _authority.Issue("localhost", "127.0.0.1");
        File.WriteAllText(PathOf($"{name}.pem"), certificate.ChainPem);
        File.WriteAllText(PathOf($"{name}.key"), certificate.KeyPem);
        File.WriteAllText(PathOf("clients.pem"), _authority.Pem);
        return new(new CertificateReference(PathOf($"{name}.pem"), PathOf($"{name}.key"), null))
        {
            ClientAuthorities = PathOf("clients.pem"),
        };
    }

    private protected TestCertificate Issue(params string[] names) => _authority.Issue(names);

    private protected TestCertificate Issue(Validity validity, params string[] names) =>
        _authority.Issue(validity, names);

    /// <summary>Makes a token and keeps its hash.</summary>
    private protected string Token(
        string name,
        AccessRole role,
        Selector? scope = null,
        DateTimeOffset? expires = null,
        bool isKept = true
    )
    {
        var secret = TokenSecret.Create();
        var token = new ApiToken
        {
            Name = name,
            Role = role,
            Scope = scope ?? Selector.Everything,
            Created = Time.GetUtcNow(),
            Expires = expires,
            Sha256 = Convert.ToHexStringLower(TokenSecret.Hash(secret)),
        };
        TokenFile.Change(Tokens, file => isKept ? file with { Tokens = file.Tokens.Add(token) } : file);
        return secret;
    }

    private protected HttpClient Client(ApiServer server, string? token = null, TestCertificate? certificate = null)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        };
        policy.CustomTrustStore.Add(_authority.Certificate);
        handler.SslOptions = new() { CertificateChainPolicy = policy, ClientCertificateContext = certificate?.Context };
        var http = new HttpClient(handler) { BaseAddress = Address(server) };
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }

        return http;
    }

    private protected static Uri Address(ApiServer server) =>
        new(Assert.Single(server.Addresses).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));

    /// <summary>Over the Unix socket, on a connection that somebody else may have made.</summary>
    private protected static HttpClient Over(Socket socket) =>
        new(
            new SocketsHttpHandler
            {
                MaxConnectionsPerServer = 1,
                ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new NetworkStream(socket, ownsSocket: true)),
            }
        )
        {
            BaseAddress = new("http://fulcrum"),
        };

    private protected Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Socket));
        return socket;
    }

    private protected static async Task<string> BodyOf(HttpResponseMessage answer) =>
        (await answer.Content.ReadAsStringAsync()).Replace("\\u0027", "'", StringComparison.Ordinal);

    /// <summary>Two teams: <c>tier=web</c> with web, and <c>tier=db</c> with db; a machine that both use.</summary>
    private protected static Snapshot Parts() =>
        Snapshot.Empty with
        {
            Upstreams = Named<Upstream>.From([
                UpstreamOf("web-upstream", BackendOf("10.0.0.1"), BackendOf("10.0.0.9")),
                UpstreamOf("db-upstream", BackendOf("10.0.0.2"), BackendOf("10.0.0.9")),
            ]),
            Services = Named<Service>.From([ServiceOf("web", 8080), ServiceOf("db", 5432)]),
        };

    private protected static Upstream UpstreamOf(string name, params Backend[] backends) =>
        new() { Name = name, Backends = Items.From(backends) };

    private protected static Backend BackendOf(string address) =>
        new() { Address = HostAddress.Of(IPAddress.Parse(address)), Port = 80 };

    private protected static Service ServiceOf(string name, int port) =>
        new()
        {
            Name = name,
            Labels = Labels.From([KeyValuePair.Create("tier", name)]),
            Listeners =
            [
                new()
                {
                    Protocol = ListenerProtocol.Tcp,
                    Address = IPAddress.Loopback,
                    Ports = PortRange.Of(port),
                },
            ],
            Upstream = $"{name}-upstream",
        };
}
