using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Files;
using Fulcrum.Model.Tls;
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

    /// <exception cref="TlsException">A file cannot be used, and never could.</exception>
    public BackendTls For(TlsConnection settings, PlaneBackend backend)
    {
        var key = new Key(settings, settings.ServerName ?? backend.Name ?? Text(backend.Address));
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
        lock (_lock)
        {
            foreach (var (key, entry) in _entries)
            {
                if (entry.Tls is { } tls)
                {
                    entry.Follow(tls);
                }
                else
                {
                    _entries.Remove(key);
                }
            }
        }
    }

    // Without scope: a certificate is for an address on any interface.
    private static string? Text(IPAddress? address) =>
        address is null
            ? null
            : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes())).ToString();

    private readonly record struct Key(TlsConnection Settings, string? Name);

    private sealed class Entry
    {
        private readonly Key _key;
        private readonly string[] _paths;
        private readonly WeakReference<BackendTls> _tls;
        private FileStamp[] _stamps;

        public Entry(Key key, out BackendTls tls)
        {
            _key = key;
            var certificate = key.Settings.Certificate;
            _paths =
            [
                .. new[]
                {
                    key.Settings.Authorities,
                    certificate?.File,
                    certificate?.KeyFile,
                    certificate?.Passphrase?.File,
                }.OfType<string>(),
            ];
            _stamps = Array.ConvertAll(_paths, FileStamp.Of);
            tls = new(Create());
            _tls = new(tls);
        }

        /// <summary>Null: nobody has it any more.</summary>
        public BackendTls? Tls => _tls.TryGetTarget(out var tls) ? tls : null;

        public void Follow(BackendTls tls)
        {
            var stamps = Array.ConvertAll(_paths, FileStamp.Of);
            if (stamps.AsSpan().SequenceEqual(_stamps))
            {
                return;
            }
            _stamps = stamps;
            try
            {
                tls.Current = Create();
            }
            catch (TlsException)
            {
                // What was read before stays in use.
            }
        }

        private TlsClient Create() =>
            TlsClient.Create(
                new TlsClientSettings
                {
                    Verify = _key.Settings.Verify,
                    Authorities = _key.Settings.Authorities,
                    ServerName = _key.Name,
                    Alpn = _key.Settings.Alpn,
                    Certificate = _key.Settings.Certificate is { } own ? CertificateFile.Load(own) : null,
                }
            );
    }
}
