using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Files;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.Tls;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.Contexts;

namespace Fulcrum.Proxy.Securing;

/// <summary>
/// How the plane speaks TLS to backends. Connections that are configured alike, to backends that are called alike, share
/// what they need: so a session that one of them had can be resumed by the next. Files are followed as those of
/// certificates are (<see cref="CertificateShelf"/>).
/// </summary>
internal sealed class BackendShelf
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Entry> _entries = [];

    /// <summary>Told, in a sentence, of files that have changed and cannot be used.</summary>
    public Action<string>? Problem { get; set; }

    /// <exception cref="TlsException">A file cannot be used, and never could.</exception>
    public BackendTls For(TlsConnection settings, PlaneBackend backend)
    {
        var key = new Key(settings, settings.NameOf(backend.Name, backend.Address));
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var entry) && entry.Tls is { } tls)
            {
                return tls;
            }
            _entries[key] = new Entry(key, out tls);
            return tls;
        }
    }

    /// <summary>Looks whether files have changed, and forgets what no plan has any more.</summary>
    public void Follow()
    {
        // Many backends may have one file.
        var problems = new HashSet<string>(StringComparer.Ordinal);
        lock (_lock)
        {
            foreach (var (key, entry) in _entries)
            {
                if (entry.Tls is not { } tls)
                {
                    _entries.Remove(key);
                }
                else if (entry.Follow(tls) is { } problem)
                {
                    problems.Add(problem);
                }
            }
        }
        foreach (var problem in problems)
        {
            Problem?.Invoke($"TLS to backends: what was read before stays in use: {problem}");
        }
    }

    /// <summary>What backends that ask are shown, by file.</summary>
    public Items<ObservedCertificate> Observe(IEnumerable<PlaneService> services)
    {
        var seen = new SortedDictionary<string, ObservedCertificate>(StringComparer.Ordinal);
        lock (_lock)
        {
            var entries = _entries.Values.ToLookup(entry => entry.Settings);
            foreach (var service in services)
            {
                foreach (var settings in SettingsOf(service).Where(one => one.Certificate is not null).Distinct())
                {
                    var name = settings.Certificate!.File;
                    var before = seen.GetValueOrDefault(name) ?? new(name, []);
                    var entry = entries[settings].FirstOrDefault();
                    seen[name] = before with
                    {
                        UsedBy = before.UsedBy.Contains(service.Name)
                            ? before.UsedBy
                            : [.. before.UsedBy, service.Name],
                        Facts = before.Facts ?? entry?.Facts,
                        Problem = before.Problem ?? entry?.Problem,
                    };
                }
            }
        }
        return Items.From(seen.Values);
    }

    private static IEnumerable<TlsConnection> SettingsOf(PlaneService service) =>
        from listener in service.Listeners
        from destination in listener.Destinations
        from backend in destination.Upstream.Backends
        let settings = (backend.Connect ?? destination.Upstream.Connect).Tls
        where settings is not null
        select settings;

    private readonly record struct Key(TlsConnection Settings, string? Name);

    private sealed class Entry
    {
        private readonly Key _key;
        private readonly FollowedFiles _files;
        private readonly WeakReference<BackendTls> _tls;

        /// <summary>Of our own certificate, as it is in use. Null: there is none.</summary>
        public CertificateFacts? Facts { get; private set; }

        /// <summary>Why the files as they are cannot be used. Null: they are in use.</summary>
        public string? Problem { get; private set; }

        public TlsConnection Settings => _key.Settings;

        public Entry(Key key, out BackendTls tls)
        {
            _key = key;
            _files = new(key.Settings.Files);
            tls = new(Create());
            _tls = new(tls);
        }

        /// <summary>Null: nobody has it any more.</summary>
        public BackendTls? Tls => _tls.TryGetTarget(out var tls) ? tls : null;

        /// <summary>Why a change cannot be used, so that what was read before stays in use. Null: there is nothing to tell.</summary>
        public string? Follow(BackendTls tls)
        {
            if (!_files.HaveChanged())
            {
                return null;
            }
            try
            {
                tls.Current = Create();
                return Problem = null;
            }
            catch (TlsException exception)
            {
                return Problem = exception.Message;
            }
        }

        private TlsClient Create()
        {
            var own = _key.Settings.Certificate is { } place ? CertificateFile.Load(place) : null;
            var client = TlsClient.Create(
                new TlsClientSettings
                {
                    Verify = _key.Settings.Verify,
                    Authorities = _key.Settings.Authorities,
                    RevocationLists = _key.Settings.Revocations,
                    MinimumVersion = _key.Settings.MinimumVersion,
                    ServerName = _key.Name,
                    Alpn = _key.Settings.Alpn,
                    Certificate = own,
                }
            );
            Facts = own is null ? null : CertificateSight.FactsOf(own);
            return client;
        }
    }
}
