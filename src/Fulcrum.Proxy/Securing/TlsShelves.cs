using Fulcrum.Engine.Ports;
using Fulcrum.Tls.Tickets;

namespace Fulcrum.Proxy.Securing;

/// <summary>All that a plane has of TLS: what it shows to clients, and how it speaks to backends.</summary>
/// <param name="acmeFileOf">Where the certificate of a name is that is got by ACME; null: there are none.</param>
/// <param name="acme">Tells how it stands with them.</param>
internal sealed class TlsShelves(TimeProvider time, Func<string, string>? acmeFileOf = null, IAcmeReader? acme = null)
{
    public CertificateShelf Certificates { get; } = new(time, new TicketKeys(time), acmeFileOf, acme);

    public BackendShelf Backends { get; } = new();

    /// <summary>Looks whether files have changed.</summary>
    public void Follow()
    {
        Certificates.Follow();
        Backends.Follow();
    }
}
