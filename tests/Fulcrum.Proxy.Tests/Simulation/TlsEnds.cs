using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Model.Tls;
using Fulcrum.Proxy.Sessions;
using Fulcrum.Proxy.Streams;
using Fulcrum.TestKit.Certificates;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Engine;
using Fulcrum.Tls.Tickets;

namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>How both ends speak TLS in a simulation, and whether the relay lets go of what it takes for that.</summary>
internal sealed class TlsEnds
{
    private static readonly Lazy<TlsServer> AnyServer = new(MakeServer);

    private readonly HashSet<StreamSession<SimulatedIo>> _sessions = [];
    private readonly HashSet<TlsEngine> _engines = [];

    /// <summary>Who is shown to clients, and whom the relay comes to.</summary>
    public static TlsServer Server => AnyServer.Value;

    /// <summary>Goes on with what it had agreed upon before.</summary>
    public TlsClient Client { get; } =
        TlsClient.Create(new TlsClientSettings { Verify = TlsVerify.None, ServerName = "a.example" });

    /// <summary>A session has begun; its object will be used again.</summary>
    public void Know(BackendSession? session)
    {
        if (session is StreamSession<SimulatedIo> known)
        {
            _sessions.Add(known);
        }
    }

    /// <summary>A connection is about to end: whatever stands behind it now has to end as well.</summary>
    public void Look()
    {
        foreach (var session in _sessions)
        {
            Note(ClientOf(session).Tls);
            Note(ServerOf(session).Tls);
        }
    }

    /// <summary>How many engines have not been given back.</summary>
    public int CountLeft()
    {
        var left = _engines.Count(IsAlive);
        _engines.Clear();
        return left;
    }

    private void Note(TlsEngine? engine)
    {
        if (engine is not null)
        {
            _engines.Add(engine);
        }
    }

    private static bool IsAlive(TlsEngine engine)
    {
        try
        {
            _ = engine.Receive([], [], []);
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_client")]
    private static extern ref Side ClientOf(StreamSession<SimulatedIo> session);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_server")]
    private static extern ref Side ServerOf(StreamSession<SimulatedIo> session);

    private static TlsServer MakeServer()
    {
        using var certificate = TestAuthority.SelfSigned("a.example");
        using var key = certificate.Certificate.GetECDsaPrivateKey()!;
        return TlsServer.Create(
            new TlsServerSettings
            {
                Certificates =
                [
                    LoadedCertificate.Of("a", [certificate.Certificate.RawData], key.ExportPkcs8PrivateKey()),
                ],
                Tickets = new TicketKeys(TimeProvider.System),
            }
        );
    }
}
