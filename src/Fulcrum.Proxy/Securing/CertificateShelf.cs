using Fulcrum.Engine.Ports;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.Tls;

namespace Fulcrum.Proxy.Securing;

/// <summary>
/// What the plane's listeners show to clients that speak TLS. Files are read when a table is prepared, so that one that
/// cannot be used refuses the table, and again when they change: handshakes that begin then get the new ones, and no
/// session notices. When a change cannot be used, what was read before stays in use and the problem is told.
/// </summary>
internal sealed class CertificateShelf(
    TimeProvider time,
    TicketShelf tickets,
    Func<string, string>? acmeFileOf,
    IAcmeReader? acme
)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TlsTermination, ShownCertificates> _entries = [];

    /// <summary>The same object for the same settings, as long as somebody wants them.</summary>
    /// <exception cref="TlsException">A file cannot be used, and never could.</exception>
    public ListenerTls For(TlsTermination settings)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(settings, out var entry))
            {
                _entries[settings] = entry = new ShownCertificates(
                    settings,
                    time,
                    tickets.For(settings.Tickets),
                    acmeFileOf
                );
            }
            return entry.Tls;
        }
    }

    /// <summary>Forgets what no service of the table wants.</summary>
    public void Keep(IEnumerable<PlaneService> services)
    {
        var wanted = services.Select(service => service.Tls).OfType<TlsTermination>().ToHashSet();
        lock (_lock)
        {
            foreach (var settings in _entries.Keys.Where(settings => !wanted.Contains(settings)).ToArray())
            {
                _entries.Remove(settings);
            }
            tickets.Keep(_entries.Keys.Select(settings => settings.Tickets).ToHashSet());
        }
    }

    /// <summary>Looks whether files have changed.</summary>
    public void Follow()
    {
        lock (_lock)
        {
            foreach (var entry in _entries.Values)
            {
                entry.Follow();
            }
        }
    }

    public Items<ObservedCertificate> Observe(IEnumerable<PlaneService> services)
    {
        var seen = new SortedDictionary<string, ObservedCertificate>(StringComparer.Ordinal);
        lock (_lock)
        {
            foreach (var service in services)
            {
                if (service.Tls is { } settings && _entries.TryGetValue(settings, out var entry))
                {
                    foreach (var certificate in entry.Observe(acme?.Certificates ?? []))
                    {
                        var before = seen.GetValueOrDefault(certificate.Name);
                        seen[certificate.Name] = certificate with { UsedBy = [.. before?.UsedBy ?? [], service.Name] };
                    }
                }
            }
        }
        return Items.From(seen.Values);
    }
}
