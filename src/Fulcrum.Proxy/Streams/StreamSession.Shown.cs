using System.Text;
using Fulcrum.Engine.Routing;
using Fulcrum.Model.Values;
using Fulcrum.Protocols.ProxyHeaders;
using Fulcrum.Proxy.Securing;

namespace Fulcrum.Proxy.Streams;

/// <summary>What others are told of a client's TLS that has ended here. It is looked at when the first of them asks.</summary>
internal sealed partial class StreamSession<TIo>
{
    private ClientTls? _shown;

    private ClientTls? Shown => _shown ??= _client.Tls is { } tls ? ClientTls.Of(tls) : null;

    private void LearnShown(Metadata metadata)
    {
        if (Shown is not { } shown)
        {
            return;
        }
        _ = metadata.Set("tls.version", new MetadataValue.Text(shown.VersionWord));
        _ = metadata.Set("tls.cipher", new MetadataValue.Text(shown.Cipher));
        if (!shown.Subjects.IsEmpty)
        {
            var subjects = Items.From(shown.Subjects.Select(subject => subject.ToString()));
            _ = metadata.Set("tls.client-subject", new MetadataValue.List(subjects));
        }
    }

    /// <summary>How the client came to us (PROXY protocol section 2.2.6); nothing where its TLS does not end here.</summary>
    private void AppendSsl(ref ProxyBinaryWriter writer)
    {
        if (_client.Tls is not { } tls || Shown is not { } shown)
        {
            return;
        }
        var flags = ProxySslFlags.Tls;
        if (!shown.Subjects.IsEmpty)
        {
            flags |= ProxySslFlags.CertificateInSession;
            flags |= tls.IsResumed ? ProxySslFlags.None : ProxySslFlags.CertificateOnConnection;
        }
        Span<byte> value = stackalloc byte[ProxySsl.MaxWritten];
        var name = Encoding.UTF8.GetBytes(shown.CommonName ?? "");
        var length = ProxySsl.Write(
            value,
            flags,
            shown.Version == Model.Tls.TlsVersion.Tls13 ? "TLSv1.3"u8 : "TLSv1.2"u8,
            name
        );
        _ = writer.TryAppend(ProxyTlvType.Ssl, value[..length]);
    }
}
