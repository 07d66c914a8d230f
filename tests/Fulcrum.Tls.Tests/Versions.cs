using System.Runtime.InteropServices;
using Fulcrum.Model.Tls;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Engine;
using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls.Tests;

/// <summary>Clients that can do less than ours, or misbehave: their contexts are changed behind their backs.</summary>
internal static unsafe partial class Versions
{
    private const int SetNewest = 124;
    private const int SetSignatures = 98;
    private const ulong NoRenegotiation = 1UL << 30;

    private static readonly TlsServer Any = Material.Server(Material.SelfSigned("a.example"));

    public static TlsClient Only(TlsVersion newest, TlsClient client)
    {
        var wire = newest == TlsVersion.Tls12 ? 0x0303 : 0x0304;
        Assert.Equal(1, Ssl.ControlContext(client.Context, SetNewest, wire, null));
        return client;
    }

    public static TlsClient WithSignatures(string names, TlsClient client)
    {
        fixed (byte* text = System.Text.Encoding.ASCII.GetBytes(names + '\0'))
        {
            Assert.Equal(1, Ssl.ControlContext(client.Context, SetSignatures, 0, text));
        }
        return client;
    }

    public static Conversation Meet(TlsVersion newest) => Material.Meet(Only(newest, Material.Client()), Any);

    /// <summary>Makes the client begin a second handshake with the next word that it says.</summary>
    public static void Renegotiate(TlsEngine client)
    {
        _ = ClearOptions(client.Handle, NoRenegotiation);
        Assert.Equal(1, RenegotiateNext(client.Handle));
    }

    [LibraryImport("libssl.so.3", EntryPoint = "SSL_clear_options")]
    private static partial ulong ClearOptions(nint ssl, ulong options);

    [LibraryImport("libssl.so.3", EntryPoint = "SSL_renegotiate")]
    private static partial int RenegotiateNext(nint ssl);
}
