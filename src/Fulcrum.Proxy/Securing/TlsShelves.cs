using Fulcrum.Tls.Tickets;

namespace Fulcrum.Proxy.Securing;

/// <summary>All that a plane has of TLS: what it shows to clients, and how it speaks to backends.</summary>
internal sealed class TlsShelves(TimeProvider time)
{
    public CertificateShelf Certificates { get; } = new(new TicketKeys(time));

    public BackendShelf Backends { get; } = new();

    /// <summary>Looks whether files have changed.</summary>
    public void Follow()
    {
        Certificates.Follow();
        Backends.Follow();
    }
}
