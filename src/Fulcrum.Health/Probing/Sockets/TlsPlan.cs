using System.Globalization;
using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Tls;
using Fulcrum.Model.Tls;

namespace Fulcrum.Health.Probing.Sockets;

/// <summary>How the probes of one task speak TLS, and what they look for in it.</summary>
/// <param name="task">Whom they ask.</param>
/// <param name="tls">As the user wrote it.</param>
/// <param name="protocol">What must be agreed on by ALPN (RFC 7301), where we offer it ourselves; null: anything.</param>
internal sealed class TlsPlan(
    ProbeTask task,
    TlsConnection tls,
    string? protocol,
    TlsMaterials materials,
    TimeProvider time
)
{
    private readonly TlsConnection _tls =
        protocol is not null && tls.Alpn.IsEmpty ? tls with { Alpn = [protocol] } : tls;

    private readonly IPAddress _address = task.Address;
    private readonly string? _name = task.Name;
    private TlsClientSettings? _settings;

    /// <summary>A connection's side of it, with the files as they are now.</summary>
    /// <exception cref="TlsSettingsException">A file cannot be used.</exception>
    public TlsClient Open() => new(_settings = TlsClientSettings.Load(materials, _tls, _name, _address, _settings));

    /// <summary>Why the session is no use; null: it is.</summary>
    public string? Refuses(TlsSession session) =>
        protocol is not null && session.Alpn != protocol ? $"the server does not agree to {protocol}" : null;

    /// <summary>The result, with a word on a certificate that ends soon.</summary>
    public ProbeResult Warn(ProbeResult result, TlsSession session)
    {
        var left = session.NotAfter - time.GetUtcNow();
        return left > tls.WarnBefore || result.Warning is not null
            ? result
            : result with
            {
                Warning =
                    $"certificate expires on {session.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}",
            };
    }
}
