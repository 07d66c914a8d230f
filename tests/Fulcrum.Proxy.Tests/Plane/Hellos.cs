using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>What TLS clients say first.</summary>
internal static class Hellos
{
    /// <summary>The hello of a real client, who asks for the name and offers these protocols.</summary>
    public static async Task<byte[]> OfAsync(string name, params string[] protocols)
    {
        // It reads what comes after what it wrote: nothing.
        using var wire = new MemoryStream();
        await using var tls = new SslStream(wire);
        await Assert.ThrowsAnyAsync<IOException>(() =>
            tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = name,
                    ApplicationProtocols =
                        protocols.Length == 0 ? null : [.. protocols.Select(one => new SslApplicationProtocol(one))],
                },
                TestContext.Current.CancellationToken
            )
        );
        return wire.ToArray();
    }

    /// <summary>A client whose hello comes to one of the backends, whole and as it was; and which it was.</summary>
    public static async Task<Socket> ReachesAsync(IPEndPoint place, byte[] hello, params Socket[] backends)
    {
        using var client = await Sockets.ConnectAsync(place);
        await client.SendAllAsync(hello);
        await Wait.Until(() => Array.Exists(backends, HasClient), "a backend to be connected to");
        var reached = Array.Find(backends, HasClient)!;
        using var server = await reached.AcceptOneAsync();
        Assert.Equal(hello, await server.ReceiveExactlyAsync(hello.Length));
        return reached;
    }

    public static async Task AssertReachesAsync(
        IPEndPoint place,
        Socket backend,
        string name,
        params string[] protocols
    ) => Assert.Same(backend, await ReachesAsync(place, await OfAsync(name, protocols), backend));

    private static bool HasClient(Socket backend) => backend.Poll(0, SelectMode.SelectRead);
}
