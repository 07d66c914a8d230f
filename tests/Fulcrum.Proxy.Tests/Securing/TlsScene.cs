using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Engine.Ports;
using Fulcrum.Loops;
using Fulcrum.Model.Services;
using Fulcrum.Model.Tls;
using Fulcrum.Proxy.Sessions;
using Fulcrum.Proxy.Tests.Plane;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.Proxy.Tests.Securing;

/// <summary>A service at which TLS ends, its certificates in files, and clients that verify what they are shown.</summary>
internal sealed class TlsScene : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _folder = new();
    private readonly List<IDisposable> _opened = [];

    public TlsScene(TimeProvider? time = null, LoopOptions? loop = null) =>
        Harness = new PlaneHarness(time, loops: 1, loop: loop);

    public PlaneHarness Harness { get; }

    public TestAuthority Authority { get; } = TestAuthority.Create();

    /// <summary>The backend's.</summary>
    public Socket Listener { get; } = Sockets.Listen();

    public IPEndPoint Place { get; private set; } = new(IPAddress.Loopback, 0);

    public PlaneBackend Backend => PlaneHarness.Backend(Listener.LocalEndPoint!);

    /// <summary>What the loops count of the service.</summary>
    public SessionCell[] Cells => Harness.Plane.Generation.Services["s"]!.State.Cells;

    public string PathOf(string name) => _folder.PathOf(name);

    /// <summary>Writes a certificate with its key.</summary>
    public CertificateReference Write(string name, TestCertificate certificate)
    {
        var file = PathOf(name);
        // Beside it first: nobody is to read half of it.
        File.WriteAllText(file + ".new", certificate.ChainPem + certificate.KeyPem);
        File.SetUnixFileMode(file + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(file + ".new", file, overwrite: true);
        return new(file, null, null);
    }

    public CertificateReference Issue(params string[] names)
    {
        using var certificate = Authority.Issue(names);
        return Write(names[0] + ".pem", certificate);
    }

    /// <summary>Writes the authority's list of those that it has taken back.</summary>
    public string WriteList(string name, params TestCertificate[] revoked)
    {
        var now = TimeProvider.System.GetUtcNow();
        var builder = new CertificateRevocationListBuilder();
        foreach (var one in revoked)
        {
            builder.AddEntry(one.Certificate, now.AddDays(-1));
        }
        var list = builder.Build(
            Authority.Certificate,
            revoked.Length,
            now.AddDays(1),
            HashAlgorithmName.SHA256,
            thisUpdate: now.AddDays(-1)
        );
        var file = PathOf(name);
        File.WriteAllText(file + ".new", PemEncoding.WriteString("X509 CRL", list));
        File.Move(file + ".new", file, overwrite: true);
        return file;
    }

    public Task ServeAsync(TlsTermination tls, Func<PlaneListener, PlaneListener>? change = null)
    {
        Place = new(IPAddress.Loopback, Place.Port == 0 ? PlaneHarness.FreePort() : Place.Port);
        var service = Harness.Service(ListenerProtocol.Tls, Place.Address, Place.Port, Backend);
        var listener = service.Listeners[0];
        return Harness.ApplyAsync(
            Harness.Table(service with { Tls = tls, Listeners = [change?.Invoke(listener) ?? listener] })
        );
    }

    /// <summary>A listener without TLS.</summary>
    public async Task ServeInTheClearAsync(params PlaneBackend[] backends) =>
        Place = await Harness.ServeTcpAsync(backends);

    /// <summary>A client that is through with its handshake.</summary>
    /// <param name="receiveBuffer">Bytes that its kernel takes; null: as many as it likes.</param>
    public async Task<SslStream> ConnectAsync(SslClientAuthenticationOptions? options = null, int? receiveBuffer = null)
    {
        var socket = await Sockets.ConnectAsync(Place);
        socket.ReceiveBufferSize = receiveBuffer ?? socket.ReceiveBufferSize;
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        _opened.Add(stream);
        await stream.AuthenticateAsClientAsync(options ?? OptionsFor("a.example")).WaitAsync(Bound);
        return stream;
    }

    public SslClientAuthenticationOptions OptionsFor(string name, SslProtocols protocols = SslProtocols.None)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        };
        policy.CustomTrustStore.Add(Authority.Certificate);
        return new()
        {
            TargetHost = name,
            EnabledSslProtocols = protocols,
            CertificateChainPolicy = policy,
        };
    }

    public async Task<Socket> AcceptAsync()
    {
        var socket = await Listener.AcceptOneAsync();
        _opened.Add(socket);
        return socket;
    }

    public Task UntilAsync(Func<SessionCounters, bool> isSo, string what) =>
        Wait.Until(() => isSo(Harness.Counters), what);

    public async ValueTask DisposeAsync()
    {
        _opened.ForEach(one => one.Dispose());
        Listener.Dispose();
        await Harness.DisposeAsync();
        Authority.Dispose();
        _folder.Dispose();
    }
}
