using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Fulcrum.Model.Tls;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.Engine;
using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls.Contexts;

/// <summary>
/// Speaks TLS to clients. The name that a client asks for chooses the certificate: the exact name, then a wildcard for its
/// first label (RFC 9525 section 6.3), then the first certificate, or nobody. Where a name has certificates of several
/// kinds of keys, the client's signature algorithms choose among them. Immutable; a connection keeps what it needs of it.
/// </summary>
public sealed class TlsServer
{
    private const int AskForCertificate = 0x1;
    private const int RefuseWithout = 0x2;

    private readonly FrozenDictionary<string, ServerContext> _names;
    private readonly FrozenDictionary<string, ServerContext>.AlternateLookup<ReadOnlySpan<char>> _wildcards;
    private readonly ServerContext? _others;

    private TlsServer(Dictionary<string, ServerContext> names, ServerContext? others)
    {
        _names = names.ToFrozenDictionary(StringComparer.Ordinal);
        _wildcards = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        _others = others;
    }

    /// <summary>The record to send to a client whose name nobody has: a fatal alert, unrecognized_name (RFC 6066 section 3).</summary>
    public static ReadOnlySpan<byte> RefusedName => [21, 3, 3, 0, 2, 2, 112];

    /// <summary>The record to send to a client whose hello cannot be read: a fatal alert, decode_error (RFC 8446 section 6.2).</summary>
    public static ReadOnlySpan<byte> RefusedHello => [21, 3, 3, 0, 2, 2, 50];

    /// <exception cref="TlsException">A certificate, a file or a setting cannot be used.</exception>
    public static TlsServer Create(TlsServerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Certificates.IsEmpty)
        {
            throw new TlsException("a TLS server needs a certificate");
        }
        var authorities = settings.ClientAuthorities is { } file
            ? Authorities.Load(file, settings.RevocationLists)
            : null;
        var table = CertificateTable.Of(settings.Certificates);
        var contexts = new Dictionary<CertificateTable.Choice, ServerContext>();
        var names = new Dictionary<string, ServerContext>(StringComparer.Ordinal);
        foreach (var (name, choice) in table.Names)
        {
            names.Add(name, For(choice));
        }
        return new(names, settings.UnknownName == UnknownName.Refuse ? null : For(table.First));

        ServerContext For(CertificateTable.Choice choice) =>
            contexts.TryGetValue(choice, out var context)
                ? context
                : contexts[choice] = NewContext(settings, [.. choice.Certificates], authorities);
    }

    /// <param name="serverName">As the client's hello has it, in lower case; empty: it has none.</param>
    /// <returns>Null: nobody has that name, and the settings want it refused.</returns>
    public TlsEngine? Accept(string serverName)
    {
        ArgumentNullException.ThrowIfNull(serverName);
        var context = Find(serverName);
        return context is null ? null : TlsEngine.Server(context.Handle, context.State, serverName);
    }

    private ServerContext? Find(string name)
    {
        if (_names.TryGetValue(name, out var exact))
        {
            return exact;
        }
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _wildcards.TryGetValue(Wildcard(name, dot, stackalloc char[name.Length]), out var wildcard)
            ? wildcard
            : _others;
    }

    private static ReadOnlySpan<char> Wildcard(string name, int dot, Span<char> room)
    {
        room[0] = '*';
        name.AsSpan(dot).CopyTo(room[1..]);
        return room[..(1 + name.Length - dot)];
    }

    private static ServerContext NewContext(
        TlsServerSettings settings,
        LoadedCertificate[] certificates,
        Authorities? authorities
    )
    {
        var oldest = settings.Profile == TlsProfile.Modern ? TlsVersion.Tls13 : settings.MinimumVersion;
        var handle = ContextBuilder.NewServer(oldest, settings.Groups);
        var state = new ContextState
        {
            Alpn = AlpnWire.Of(settings.Alpn),
            Tickets = settings.Tickets,
            Subjects = settings.ClientSubjects.IsEmpty ? null : new(settings.ClientSubjects),
        };
        Attach(handle, state);
        foreach (var certificate in certificates)
        {
            ContextBuilder.Show(handle, certificate, state);
        }
        ContextBuilder.SetTickets(handle, state);
        ContextBuilder.SetResumptionScope(handle, Scope(settings, certificates, authorities));
        if (authorities is not null)
        {
            authorities.Use(handle);
            authorities.Tell(handle);
            Ssl.SetVerification(
                handle,
                AskForCertificate | (settings.IsClientCertificateOptional ? 0 : RefuseWithout),
                0
            );
        }
        return new(handle, state);
    }

    private static unsafe void Attach(ContextHandle handle, ContextState state)
    {
        var pointer = state.AttachTo(handle);
        if (state.Alpn.Length > 0)
        {
            Ssl.SetAlpnChoice(handle, &Callbacks.ChooseAlpn, pointer);
        }
        if (state.Subjects is not null)
        {
            Ssl.SetVerifier(handle, &Callbacks.Verify, pointer);
        }
    }

    // Not the certificates themselves: a renewed one must not cost all clients a handshake.
    private static byte[] Scope(TlsServerSettings settings, LoadedCertificate[] certificates, Authorities? authorities)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (
            var name in certificates
                .SelectMany(one => one.Names)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        )
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name + '\n'));
        }
        if (authorities is not null)
        {
            hash.AppendData(settings.IsClientCertificateOptional ? "optional"u8 : "required"u8);
            authorities.AppendTo(hash);
        }
        // Who resumes is not looked at again.
        foreach (var subject in settings.ClientSubjects)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(subject.ToString() + '\n'));
        }
        return hash.GetHashAndReset();
    }

    private sealed record ServerContext(ContextHandle Handle, ContextState State);
}
