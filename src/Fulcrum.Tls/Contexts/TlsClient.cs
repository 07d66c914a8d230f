using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Model.Tls;
using Fulcrum.Tls.Engine;
using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls.Contexts;

/// <summary>
/// Speaks TLS to servers that are called alike, and resumes what it had with one of them. Immutable but for the sessions
/// that it keeps; every loop may connect by it.
/// </summary>
public sealed unsafe class TlsClient
{
    private const int Verify = 1;
    private const uint NoPartialWildcards = 0x4;

    private readonly ContextHandle _context;
    private readonly ContextState _state;
    private readonly string _serverName;

    // With a zero at its end, where it stays: the library copies it for every connection.
    private readonly byte[]? _asked;

    private TlsClient(ContextHandle context, ContextState state, string serverName, bool isAddress)
    {
        (_context, _state, _serverName) = (context, state, serverName);
        _asked = serverName.Length == 0 || isAddress ? null : Encoding.ASCII.GetBytes(serverName + '\0');
    }

    internal ContextHandle Context => _context;

    internal SessionStore Sessions => _state.Sessions!;

    /// <exception cref="TlsException">A certificate, a file or a setting cannot be used.</exception>
    public static TlsClient Create(TlsClientSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var name = settings.ServerName?.TrimEnd('.') ?? "";
        var isAddress = IsAddress(name);
        if (!Ascii.IsValid(name))
        {
            throw new TlsException($"server name '{name}': has to be in its ASCII form (xn--…)");
        }
        var context = ContextBuilder.NewClient(settings.MinimumVersion);
        var state = new ContextState { Alpn = AlpnWire.Of(settings.Alpn), Sessions = new() };
        _ = state.AttachTo(context);
        fixed (byte* protocols = state.Alpn)
        {
            // This one says zero when it is well.
            if (state.Alpn.Length > 0 && Ssl.SetAlpn(context, protocols, (uint)state.Alpn.Length) != 0)
            {
                throw TlsException.FromLibrary("alpn: the library refuses the protocols");
            }
        }
        if (settings.Certificate is { } own)
        {
            ContextBuilder.Show(context, own, state);
        }
        if (settings.Verify != TlsVerify.None)
        {
            SetVerification(context, settings, name, isAddress);
        }
        return new(context, state, name, isAddress);
    }

    public TlsEngine Connect()
    {
        var engine = TlsEngine.Client(_context, _state, _serverName);
        engine.Ask(_asked);
        _state.Sessions!.Offer(engine.Handle);
        return engine;
    }

    private static void SetVerification(ContextHandle context, TlsClientSettings settings, string name, bool isAddress)
    {
        if (name.Length == 0)
        {
            throw new TlsException(
                "the server's certificate cannot be verified without a name: give a server name, or verify none"
            );
        }
        if (settings.Verify == TlsVerify.System)
        {
            Authorities.UseSystem(context);
        }
        else
        {
            Authorities
                .Load(
                    settings.Authorities
                        ?? throw new TlsException("verifying by authorities needs a file with their certificates"),
                    settings.RevocationLists
                )
                .Use(context);
        }
        Ssl.SetVerification(context, Verify, 0);
        var parameters = Ssl.ParametersOf(context);
        Crypto.SetNameFlags(parameters, NoPartialWildcards);
        fixed (byte* text = Encoding.ASCII.GetBytes(name + '\0'))
        {
            var result = isAddress
                ? Crypto.VerifyAddress(parameters, text)
                : Crypto.VerifyName(parameters, text, (nuint)name.Length);
            if (result != 1)
            {
                throw TlsException.FromLibrary($"server name '{name}': cannot be verified");
            }
        }
    }

    // "1" is read as an address as well, but nobody writes one so.
    private static bool IsAddress(string name) =>
        IPAddress.TryParse(name, out var address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 || name.Count('.') == 3);
}
