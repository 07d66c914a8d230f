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
/// What the listeners of one kind of settings show, and the files that it comes from. What authorities say of certificates
/// is shown as long as it holds, and given up without a word to clients: they may ask the authority themselves.
/// </summary>
internal sealed class ShownCertificates
{
    private readonly TlsTermination _settings;
    private readonly TimeProvider _time;
    private readonly TicketKeys _tickets;
    private readonly Source[] _sources;
    private readonly FollowedFiles _files;
    private Shown?[] _shown;
    private string? _problem;

    /// <exception cref="TlsException">A file or a setting cannot be used.</exception>
    public ShownCertificates(
        TlsTermination settings,
        TimeProvider time,
        TicketKeys tickets,
        Func<string, string>? acmeFileOf
    )
    {
        (_settings, _time, _tickets) = (settings, time, tickets);
        _sources =
        [
            .. settings.Certificates.Select(one => new Source(one.File, one, false)),
            .. settings.Acme.Select(name => new Source(name, new(acmeFileOf!(name), null, null), true)),
        ];
        _files = new(settings.Files.Concat(_sources.Where(one => one.IsAcme).Select(one => one.Place.File)));
        _shown = Load();
        Tls = new(Create(_shown), (long)settings.HandshakeTimeout.TotalMilliseconds);
    }

    public ListenerTls Tls { get; }

    public void Follow()
    {
        var hasChanged = _files.HaveChanged();
        if (!hasChanged && !HasStaleStaple())
        {
            return;
        }
        try
        {
            var shown = Load();
            Tls.Current = Create(shown);
            (_shown, _problem) = (shown, null);
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
                    Facts = _shown[index] is { } shown ? CertificateSight.FactsOf(shown.Certificate) : null,
                    Problem =
                        _problem
                        ?? (source.IsAcme ? reports.FirstOrDefault(one => one.Name == source.Name)?.Error : null),
                    StapleProblem = _shown[index]?.Staple?.Problem,
                }
        );

    private bool HasStaleStaple()
    {
        var now = _time.GetUtcNow();
        return Array.Exists(_shown, one => one?.Staple is { Problem: null, Until: { } end } && end <= now);
    }

    private Shown?[] Load() => Array.ConvertAll(_sources, Load);

    // What an authority is still to issue is no mistake of the configuration's.
    private Shown? Load(Source source)
    {
        if (source.IsAcme && !File.Exists(source.Place.File))
        {
            return null;
        }
        var certificate = CertificateFile.Load(source.Place);
        return source.Place.OcspFile is { } file
            ? new(certificate, OcspStaple.Load(file, certificate, _time.GetUtcNow()))
            : new(certificate, null);
    }

    private TlsServer? Create(Shown?[] all) =>
        Items.From(all.OfType<Shown>().Select(one => one.Stapled)) is { IsEmpty: false } there
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

    private sealed record Source(string Name, CertificateReference Place, bool IsAcme);

    private sealed record Shown(LoadedCertificate Certificate, OcspStaple? Staple)
    {
        public LoadedCertificate Stapled =>
            Staple is null ? Certificate : Certificate with { OcspResponse = Staple.Response };
    }
}
