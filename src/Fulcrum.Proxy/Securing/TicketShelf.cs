using Fulcrum.Linux.Files;
using Fulcrum.Model.Tls;
using Fulcrum.Tls;
using Fulcrum.Tls.Tickets;

namespace Fulcrum.Proxy.Securing;

/// <summary>
/// The keys of tickets, one set for all services whose settings say the same of them: a client may come back by another
/// door of the same kind, and a change of a service's other settings costs nobody a handshake. Secrets are followed as files of
/// certificates are (<see cref="CertificateShelf"/>).
/// </summary>
internal sealed class TicketShelf(TimeProvider time)
{
    private static readonly TicketSettings Unset = new();

    private readonly Lock _lock = new();
    private readonly Dictionary<TicketSettings, Entry> _entries = [];

    /// <summary>Told, in a sentence, of secrets that have changed and cannot be used.</summary>
    public Action<string>? Problem { get; set; }

    /// <exception cref="TlsException">The secret cannot be used, and never could.</exception>
    public TicketKeys For(TicketSettings? settings)
    {
        settings ??= Unset;
        lock (_lock)
        {
            if (!_entries.TryGetValue(settings, out var entry))
            {
                _entries[settings] = entry = new Entry(settings, time);
            }
            return entry.Keys;
        }
    }

    /// <summary>Forgets what no service wants: a key is not kept longer than it is of use.</summary>
    public void Keep(IReadOnlySet<TicketSettings?> wanted)
    {
        lock (_lock)
        {
            foreach (var settings in _entries.Keys.Where(one => one != Unset && !wanted.Contains(one)).ToArray())
            {
                _entries.Remove(settings);
            }
        }
    }

    /// <summary>Looks whether files have changed.</summary>
    public void Follow()
    {
        var problems = new List<string>();
        lock (_lock)
        {
            problems.AddRange(_entries.Values.Select(entry => entry.Follow()).OfType<string>());
        }
        foreach (var problem in problems)
        {
            Problem?.Invoke($"ticket keys: the former secret stays in use: {problem}");
        }
    }

    private sealed class Entry
    {
        private readonly TicketSettings _settings;
        private readonly FollowedFiles _files;

        public Entry(TicketSettings settings, TimeProvider time)
        {
            _settings = settings;
            _files = new(new[] { settings.Secret?.File }.OfType<string>());
            Keys = settings.Secret is { } secret
                ? new(time, TicketSecret.Read(secret), settings.Every)
                : new(time, every: settings.Every);
        }

        public TicketKeys Keys { get; }

        /// <summary>Why a change cannot be used. Null: there is nothing to tell.</summary>
        public string? Follow()
        {
            if (!_files.HaveChanged())
            {
                return null;
            }
            try
            {
                Keys.Change(TicketSecret.Read(_settings.Secret!));
                return null;
            }
            catch (TlsException exception)
            {
                return exception.Message;
            }
        }
    }
}
