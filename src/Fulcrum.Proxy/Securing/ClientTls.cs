using System.Collections.Concurrent;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.Tls.Engine;

namespace Fulcrum.Proxy.Securing;

/// <summary>What was agreed on with a client, and who it has shown to be, in the words of the configuration.</summary>
/// <param name="Cipher">By its registered name.</param>
/// <param name="Subjects">All names of its certificate; empty: it has shown none.</param>
internal sealed record ClientTls(TlsVersion Version, string Cipher, Items<ClientSubject> Subjects)
{
    // There are a handful of ciphers, and most clients show nothing: their sessions share one.
    private static readonly ConcurrentDictionary<(TlsVersion, string), ClientTls> Unnamed = new();

    public string VersionWord => Version == TlsVersion.Tls13 ? "tls1.3" : "tls1.2";

    public string? CommonName => Subjects.FirstOrDefault(subject => subject.Kind == ClientSubjectKind.Cn)?.Text;

    /// <param name="engine">Its handshake is over.</param>
    public static ClientTls Of(TlsEngine engine)
    {
        var (version, cipher, subjects) = (engine.Version, engine.Cipher ?? "", engine.PeerSubjects);
        return subjects.IsEmpty
            ? Unnamed.GetOrAdd((version, cipher), static key => new(key.Item1, key.Item2, []))
            : new(version, cipher, subjects);
    }
}
