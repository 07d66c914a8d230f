using System.Net;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.TestKit.Acme;

/// <summary>
/// A small authority that follows RFC 8555 to the letter: nonces are used once, signatures verified, places compared,
/// proofs really looked at, and an order goes its way and no other. It can be told to misbehave as authorities do.
/// </summary>
public sealed partial class AcmeAuthority : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly TestAuthority _server = TestAuthority.Create("ACME server's authority");
    private readonly TestAuthority _root = TestAuthority.Create("ACME root");
    private readonly TestAuthority _issuer;
    private readonly TestCertificate? _certificate;
    private readonly CancellationTokenSource _end = new();
    private readonly AcmeWire _wire;

    private AcmeAuthority(TimeProvider time, bool tls)
    {
        _time = time;
        _issuer = _root.CreateBelow("ACME issuer", Validity.Years(-5, 15));
        _certificate = tls ? _server.Issue("127.0.0.1") : null;
        _wire = new(_certificate, AnswerAsync);
    }

    public Uri Directory => new(_wire.Root, "/directory");

    /// <summary>By which its own server is verified.</summary>
    public string ServerAuthorityPem => _server.Pem;

    /// <summary>By which what it issues is verified.</summary>
    public string RootPem => _root.Pem;

    /// <summary>Where the name is asked by TLS. Null: nowhere.</summary>
    public Func<string, IPEndPoint?> TlsPlace { get; set; } = _ => null;

    /// <summary>Where the name is asked by HTTP. Null: nowhere.</summary>
    public Func<string, IPEndPoint?> HttpPlace { get; set; } = _ => null;

    /// <summary>The texts of a name in the DNS.</summary>
    public Func<string, IReadOnlyList<string>> Records { get; set; } = _ => [];

    /// <summary>How long what it issues is valid, by the clock that it was given.</summary>
    public TimeSpan Life { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Connections are closed without an answer.</summary>
    public bool IsDown { get; set; }

    /// <summary>Requests are read and not answered.</summary>
    public bool IsSilent { get; set; }

    /// <summary>The next so many signed requests are told that their nonce is bad.</summary>
    public int BadNonces { get; set; }

    /// <summary>New orders are refused, and asked for again not sooner than after this. Null: they are taken.</summary>
    public TimeSpan? RateLimit { get; set; }

    /// <summary>So often an order is asked for until its certificate is there, and an authorization until it was looked at.</summary>
    public int BusyLooks { get; set; }

    /// <summary>What a client is told to wait while it is busy. Null: nothing.</summary>
    public TimeSpan? BusyRetryAfter { get; set; }

    /// <summary>When certificates are to be renewed. Null: it does not say.</summary>
    public Func<(DateTimeOffset Start, DateTimeOffset End)>? Renewal { get; set; }

    /// <summary>Only who has this account elsewhere gets one here.</summary>
    public (string KeyId, byte[] Secret)? ExternalAccount { get; set; }

    /// <summary>Called when a certificate was issued and nobody knows of it yet.</summary>
    public Action OnIssued { get; set; } = () => { };

    /// <param name="time">By which certificates are valid.</param>
    /// <param name="tls">Without it clients need to trust nobody.</param>
    public static AcmeAuthority Start(TimeProvider time, bool tls = false) => new(time, tls);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _wire.DisposeAsync();
        _end.Dispose();
        _certificate?.Dispose();
        _server.Dispose();
        _issuer.Dispose();
        _root.Dispose();
    }
}
