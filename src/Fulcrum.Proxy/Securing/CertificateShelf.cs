using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Files;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.Tls;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Tickets;

namespace Fulcrum.Proxy.Securing;

/// <summary>
/// What the plane's listeners show to clients that speak TLS. Files are read when a table is prepared, so that one that
/// cannot be used refuses the table, and again when they change: handshakes that begin then get the new ones, and no
/// session notices. When a change cannot be used, what was read before stays in use and the problem is told.
/// </summary>
internal sealed class CertificateShelf(TicketKeys tickets, Func<string, string>? acmeFileOf, IAcmeReader? acme)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TlsTermination, Entry> _entries = [];

    /// <summary>The same object for the same settings, as long as somebody wants them.</summary>
    /// <exception cref="TlsException">A file cannot be used, and never could.</exception>
    public ListenerTls For(TlsTermination settings)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(settings, out var entry))
            {
                _entries[settings] = entry = new Entry(settings, tickets, acmeFileOf);
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

    private sealed class Entry
    {
        private readonly TlsTermination _settings;
        private readonly TicketKeys _tickets;
        private readonly Source[] _sources;
        private readonly string[] _paths;
        private FileStamp[] _stamps;
        private LoadedCertificate?[] _loaded;
        private string? _problem;

        public Entry(TlsTermination settings, TicketKeys tickets, Func<string, string>? acmeFileOf)
        {
            (_settings, _tickets) = (settings, tickets);
            _sources =
            [
                .. settings.Certificates.Select(one => new Source(one.File, one, false)),
                .. settings.Acme.Select(name => new Source(name, new(acmeFileOf!(name), null, null), true)),
            ];
            _paths = [.. settings.Files, .. _sources.Where(one => one.IsAcme).Select(one => one.Place.File)];
            _stamps = Array.ConvertAll(_paths, FileStamp.Of);
            _loaded = Load();
            Tls = new(Create(_loaded), (long)settings.HandshakeTimeout.TotalMilliseconds);
        }

        public ListenerTls Tls { get; }

        public void Follow()
        {
            var stamps = Array.ConvertAll(_paths, FileStamp.Of);
            if (stamps.AsSpan().SequenceEqual(_stamps))
            {
                return;
            }
            _stamps = stamps;
            try
            {
                var loaded = Load();
                Tls.Current = Create(loaded);
                (_loaded, _problem) = (loaded, null);
            }
            catch (TlsException exception)
            {
                _problem = exception.Message;
            }
        }

        public IEnumerable<ObservedCertificate> Observe(IReadOnlyList<AcmeReport> reports) =>
            _sources.Select(
                (source, index) =>
                    new ObservedCertificate(source.Name, [])
                    {
                        IsAcme = source.IsAcme,
                        Facts = _loaded[index] is { } certificate ? FactsOf(certificate) : null,
                        Problem =
                            _problem
                            ?? (source.IsAcme ? reports.FirstOrDefault(one => one.Name == source.Name)?.Error : null),
                    }
            );

        private LoadedCertificate?[] Load() => Array.ConvertAll(_sources, Load);

        // What an authority is still to issue is no mistake of the configuration's.
        private static LoadedCertificate? Load(Source source) =>
            source.IsAcme && !File.Exists(source.Place.File) ? null : CertificateFile.Load(source.Place);

        private TlsServer? Create(LoadedCertificate?[] certificates) =>
            Items.From(certificates.OfType<LoadedCertificate>()) is { IsEmpty: false } there
                ? TlsServer.Create(
                    new TlsServerSettings
                    {
                        Certificates = there,
                        MinimumVersion = _settings.MinimumVersion,
                        Profile = _settings.Profile,
                        Groups = _settings.Groups,
                        Alpn = _settings.Alpn,
                        UnknownName = _settings.UnknownName,
                        ClientAuthorities = _settings.ClientAuthorities,
                        RevocationLists = _settings.ClientRevocations,
                        IsClientCertificateOptional = _settings.ClientCertificate == ClientCertificateDemand.Optional,
                        ClientSubjects = _settings.ClientSubjects,
                        Tickets = _tickets,
                    }
                )
                : null;

        private static CertificateFacts FactsOf(LoadedCertificate certificate) =>
            new()
            {
                Names = certificate.Names,
                Issuer = certificate.Issuer,
                NotBefore = certificate.NotBefore,
                NotAfter = certificate.NotAfter,
                Key = certificate.KeyKind,
                Fingerprint = certificate.Fingerprint,
            };

        private sealed record Source(string Name, CertificateReference Place, bool IsAcme);
    }
}
