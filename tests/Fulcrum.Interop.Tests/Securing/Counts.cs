using Fulcrum.TestKit;
using Fulcrum.TestKit.Exposition;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>What Fulcrum has counted of a service.</summary>
internal sealed class Counts
{
    private readonly SortedDictionary<string, double> _words = new(StringComparer.Ordinal);

    private readonly string _service;

    private Counts(ExpositionPage page, string service)
    {
        _service = service;
        Sessions = page.Value("fulcrum_service_sessions_total", ("service", service));
        Active = page.Value("fulcrum_service_sessions_active", ("service", service));
        Take("fulcrum_tls_handshakes_total", labels => labels["resumed"] == "true" ? "resumed" : "handshake");
        Take("fulcrum_tls_handshake_failures_total", labels => labels["reason"]);
        Take("fulcrum_service_refused_total", labels => $"refused: {labels["reason"]}");
        Take("fulcrum_service_connect_failures_total", _ => "connect failure");
        Take("fulcrum_service_retries_total", _ => "retry");

        void Take(string name, Func<IReadOnlyDictionary<string, string>, string> word)
        {
            foreach (var sample in page.Find(name, ("service", service)))
            {
                _words[word(sample.Labels)] = sample.Value;
            }
        }
    }

    private double Sessions { get; }

    private double Active { get; }

    public static async Task<Counts> Of(Daemon daemon, string service)
    {
        using var api = daemon.Api();
        return new(ExpositionParser.Parse(await api.GetByteArrayAsync("/metrics"), isOpen: false), service);
    }

    /// <summary>What came since, in words, when so many more sessions are over.</summary>
    public async Task<string> Since(Daemon daemon, int sessions, string what)
    {
        var after = this;
        // Of sessions that end while it is read, a page may know the end and not yet the rest: the next one does.
        var isOver = false;
        await Wait.Until(
            async () =>
            {
                var wasOver = isOver;
                after = await Of(daemon, _service);
                isOver = after.Active == 0 && after.Sessions >= Sessions + sessions;
                return wasOver && isOver;
            },
            $"the end of {sessions} sessions, after '{what}'"
        );
        return after.Since(this);
    }

    private string Since(Counts before) =>
        string.Join(
            ", ",
            _words
                .Select(pair => (Word: pair.Key, Count: pair.Value - before._words.GetValueOrDefault(pair.Key)))
                .Where(pair => pair.Count != 0)
                .Select(pair => pair.Count == 1 ? pair.Word : $"{pair.Count} × {pair.Word}")
        );
}
