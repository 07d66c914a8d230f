using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;

namespace Fulcrum.Proxy.Securing;

/// <summary>All that a plane has of TLS: what it shows to clients, and how it speaks to backends.</summary>
internal sealed class TlsShelves
{
    private readonly TicketShelf _tickets;

    /// <param name="acmeFileOf">Where the certificate of a name is that is got by ACME; null: there are none.</param>
    /// <param name="acme">Tells how it stands with them.</param>
    public TlsShelves(TimeProvider time, Func<string, string>? acmeFileOf = null, IAcmeReader? acme = null)
    {
        _tickets = new(time);
        Certificates = new(time, _tickets, acmeFileOf, acme);
    }

    public CertificateShelf Certificates { get; }

    public BackendShelf Backends { get; } = new();

    /// <summary>Told, in a sentence, of files that have changed and cannot be used, where no certificate can tell of it.</summary>
    public Action<string>? Problem
    {
        get => _tickets.Problem;
        set => _tickets.Problem = Backends.Problem = value;
    }

    /// <summary>All certificates that these services show, to clients or to backends.</summary>
    public Items<ObservedCertificate> Observe(IReadOnlyCollection<PlaneService> services) =>
        Items.From(Certificates.Observe(services).Concat(Backends.Observe(services)));

    /// <summary>Looks whether files have changed.</summary>
    public void Follow()
    {
        _tickets.Follow();
        Certificates.Follow();
        Backends.Follow();
    }
}
