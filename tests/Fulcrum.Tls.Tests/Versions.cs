using Fulcrum.Model.Tls;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls.Tests;

/// <summary>Clients that can do less than ours: their contexts are changed behind their backs.</summary>
internal static unsafe class Versions
{
    private const int SetNewest = 124;
    private const int SetSignatures = 98;

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
}
