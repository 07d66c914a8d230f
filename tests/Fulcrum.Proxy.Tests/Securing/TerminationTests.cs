using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fulcrum.Model.Tls;
using Fulcrum.Proxy.Tests.Plane;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Securing;

/// <summary>TLS that ends here: what comes to the backend, and when.</summary>
public sealed class TerminationTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task What_a_client_says_comes_to_the_backend_in_the_clear_and_back(SslProtocols version)
    {
        await using var scene = new TlsScene();
        await scene.ServeAsync(new() { Certificates = [scene.Issue("a.example")] });
        var client = await scene.ConnectAsync(scene.OptionsFor("a.example", version));
        Assert.Equal(version, client.SslProtocol);
        await client.WriteAsync("question"u8.ToArray());
        var server = await scene.AcceptAsync();
        Assert.Equal("question", await TextAsync(server, 8));
        await server.SendAllAsync("answer"u8.ToArray());
        var answer = new byte[6];
        await client.ReadExactlyAsync(answer);
        Assert.Equal("answer", Encoding.ASCII.GetString(answer));

        // Each direction ends by itself.
        await client.ShutdownAsync();
        Assert.Empty(await server.ReceiveToEndAsync());
        await server.SendAllAsync("last"u8.ToArray());
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal("last", Encoding.ASCII.GetString(await ReadToEndAsync(client)));
        await scene.Harness.UntilActiveAsync(0);
        var counters = scene.Harness.Counters;
        Assert.Equal((1, 0, 8, 10), (counters.Total, counters.Resets, counters.BytesIn, counters.BytesOut));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, 1_000_000)]
    [InlineData(SslProtocols.Tls13, 1_000_000)]
    [InlineData(SslProtocols.Tls13, 20_000_000)]
    public async Task Much_comes_through_both_ways_at_once_to_the_byte(SslProtocols version, int length)
    {
        await using var scene = new TlsScene();
        await scene.ServeAsync(new() { Certificates = [scene.Issue("a.example")] });
        var client = await scene.ConnectAsync(scene.OptionsFor("a.example", version));
        await client.WriteAsync(new byte[] { 1 });
        var server = await scene.AcceptAsync();
        _ = await server.ReceiveExactlyAsync(1);
        var (up, down) = (Pattern(length, 3), Pattern(length, 7));
        var sendUp = Task.Run(() => client.WriteAsync(up).AsTask());
        var sendDown = Task.Run(async () =>
        {
            await server.SendAllAsync(down);
            server.Shutdown(SocketShutdown.Send);
        });
        var gotUp = Task.Run(() => server.ReceiveToEndAsync());
        var gotDown = Task.Run(() => ReadToEndAsync(client));
        await Task.WhenAll(sendUp, sendDown, gotDown);
        // Not while it is read from: the client's own library does not like that.
        await client.ShutdownAsync();
        AssertSame(up, await gotUp);
        AssertSame(down, await gotDown);
        await scene.Harness.UntilActiveAsync(0);
        Assert.Equal((length + 1, length), (scene.Harness.Counters.BytesIn, scene.Harness.Counters.BytesOut));
        Assert.Equal(0, await scene.Harness.BuffersInUseAsync(scene.Harness.Plane.EventLoops[0]));
    }

    [Fact]
    public async Task A_client_that_reads_slowly_slows_down_the_backend_and_loses_nothing()
    {
        await using var scene = new TlsScene();
        await scene.ServeAsync(new() { Certificates = [scene.Issue("a.example")] });
        var client = await scene.ConnectAsync(receiveBuffer: 65_536);
        await client.WriteAsync(new byte[] { 1 });
        var server = await scene.AcceptAsync();
        var data = Pattern(32_000_000, 5);
        var sending = Task.Run(async () =>
        {
            await server.SendAllAsync(data);
            server.Shutdown(SocketShutdown.Send);
        });
        await Wait.Until(
            async () => await scene.Harness.BuffersInUseAsync(scene.Harness.Plane.EventLoops[0]) == 1,
            "the relay to keep what the client does not read"
        );
        Assert.False(sending.IsCompleted);
        AssertSame(data, await ReadToEndAsync(client));
        await sending;
    }

    [Fact]
    public async Task No_backend_hears_of_a_client_before_its_handshake_is_over()
    {
        await using var scene = new TlsScene();
        await scene.ServeAsync(new() { Certificates = [scene.Issue("a.example")] });
        var accepting = scene.AcceptAsync();
        using (var stranger = await Sockets.ConnectAsync(scene.Place))
        {
            await stranger.SendAllAsync(await Hellos.OfAsync("a.example"));
            Assert.NotEmpty(await stranger.ReceiveExactlyAsync(100));
        }
        await scene.UntilAsync(counters => counters is { Active: 0, Total: 1 }, "the stranger to be gone");
        Assert.False(accepting.IsCompleted);
        var client = await scene.ConnectAsync();
        await client.WriteAsync(new byte[] { 1 });
        _ = await Wait.For(accepting, "the backend to be connected to");
    }

    [Fact]
    public async Task Who_does_not_end_the_handshake_in_time_is_turned_away()
    {
        await using var scene = new TlsScene(new ManualTimeProvider());
        var tls = new TlsTermination
        {
            Certificates = [scene.Issue("a.example")],
            HandshakeTimeout = TimeSpan.FromSeconds(3),
        };
        await scene.ServeAsync(tls);
        using var client = await Sockets.ConnectAsync(scene.Place);
        await client.SendAllAsync(await Hellos.OfAsync("a.example"));
        Assert.NotEmpty(await client.ReceiveExactlyAsync(100));
        await scene.Harness.AdvanceAsync(TimeSpan.FromSeconds(3) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, scene.Harness.Counters.Active);
        await scene.Harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        await scene.Harness.UntilActiveAsync(0);
        Assert.Equal(1, scene.Cells.Sum(cell => cell.TlsHandshakeTimeouts));
    }

    [Theory]
    [InlineData("a.example", "a.example")]
    [InlineData("b.example", "b.example")]
    [InlineData("x.b.example", "*.b.example")]
    [InlineData("c.example", "a.example")]
    public async Task The_name_chooses_the_certificate(string asked, string shown)
    {
        await using var scene = new TlsScene();
        await scene.ServeAsync(
            new() { Certificates = [scene.Issue("a.example"), scene.Issue("b.example"), scene.Issue("*.b.example")] }
        );
        var client = await ConnectToAnybodyAsync(scene, asked);
        var certificate = new X509Certificate2(client.RemoteCertificate!);
        Assert.Equal($"CN={shown}", certificate.Subject);
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_refused_by_an_alert_where_that_is_wanted()
    {
        await using var scene = new TlsScene();
        var tls = new TlsTermination { Certificates = [scene.Issue("a.example")], UnknownName = UnknownName.Refuse };
        await scene.ServeAsync(tls);
        using var client = await Sockets.ConnectAsync(scene.Place);
        await client.SendAllAsync(await Hellos.OfAsync("b.example"));
        // RFC 6066 section 3: unrecognized_name, fatal; and then the end, not a reset.
        Assert.Equal(new byte[] { 21, 3, 3, 0, 2, 2, 112 }, await client.ReceiveToEndAsync());
        await scene.Harness.UntilActiveAsync(0);
    }

    [Theory]
    [InlineData(new byte[] { 22, 3, 1, 0xff, 0xff, 1 })]
    [InlineData(new byte[] { 22, 3, 1, 0, 6, 1, 0, 0, 2, 3, 3 })]
    [InlineData(new byte[] { 22, 3, 1, 0, 4, 2, 0, 0, 0 })]
    public async Task A_hello_that_cannot_be_read_is_told_so_by_an_alert(byte[] hello)
    {
        await using var scene = new TlsScene();
        await scene.ServeAsync(new() { Certificates = [scene.Issue("a.example")] });
        using var client = await Sockets.ConnectAsync(scene.Place);
        await client.SendAllAsync(hello);
        // RFC 8446 section 6.2: decode_error, fatal; and then the end, not a reset.
        Assert.Equal(new byte[] { 21, 3, 3, 0, 2, 2, 50 }, await client.ReceiveToEndAsync());
        await scene.Harness.UntilActiveAsync(0);
        Assert.Equal(1, scene.Cells.Sum(cell => cell.TlsFailedProtocol));
        Assert.Equal(0, scene.Harness.Counters.RefusedByPreface);
    }

    [Fact]
    public async Task What_is_no_TLS_at_all_finds_the_end()
    {
        await using var scene = new TlsScene();
        await scene.ServeAsync(new() { Certificates = [scene.Issue("a.example")] });
        using var client = await Sockets.ConnectAsync(scene.Place);
        await client.SendAllAsync("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"u8.ToArray());
        Assert.Empty(await client.ReceiveToEndAsync());
        await scene.Harness.UntilActiveAsync(0);
        Assert.Equal(1, scene.Cells.Sum(cell => cell.TlsFailedProtocol));
    }

    [Fact]
    public async Task An_alert_counts_although_a_reset_comes_behind_it()
    {
        await using var scene = new TlsScene();
        await scene.ServeAsync(new() { Certificates = [scene.Issue("a.example")] });
        using var client = await Sockets.ConnectAsync(scene.Place);
        await client.SendAllAsync(await Hellos.OfAsync("a.example"));
        Assert.NotEmpty(await client.ReceiveExactlyAsync(100));
        // RFC 8446 section 6.2: bad_certificate, fatal; as a library says it that has no keys yet.
        await client.SendAllAsync(new byte[] { 21, 3, 3, 0, 2, 2, 42 });
        client.Abort();
        await scene.Harness.UntilActiveAsync(0);
        Assert.Equal(
            (1, 0),
            (scene.Cells.Sum(cell => cell.TlsFailedAlert), scene.Cells.Sum(cell => cell.TlsFailedOther))
        );
    }

    [Fact]
    public async Task A_certificate_that_changes_is_shown_to_new_clients_and_disturbs_no_session()
    {
        await using var scene = new TlsScene(new ManualTimeProvider());
        await scene.ServeAsync(new() { Certificates = [scene.Issue("a.example")] });
        var first = await scene.ConnectAsync();
        await first.WriteAsync(new byte[] { 1 });
        var server = await scene.AcceptAsync();
        var before = first.RemoteCertificate!.GetCertHashString();

        _ = scene.Issue("a.example");
        await scene.Harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        await Wait.Until(
            async () =>
            {
                await using var client = await ConnectToAnybodyAsync(scene, "a.example");
                return client.RemoteCertificate!.GetCertHashString() != before;
            },
            "the new certificate to be shown"
        );
        Assert.Equal([1], await server.ReceiveExactlyAsync(1));
        await first.WriteAsync(new byte[] { 2 });
        Assert.Equal([2], await server.ReceiveExactlyAsync(1));

        await File.WriteAllTextAsync(scene.PathOf("a.example.pem"), "nonsense", TestContext.Current.CancellationToken);
        await scene.Harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        var observed = await Wait.ForValue(
            () => scene.Harness.Plane.Observe().Certificates.FirstOrDefault(one => one.Problem is not null),
            "the problem to be told"
        );
        Assert.Contains("a.example.pem", observed.Problem, StringComparison.Ordinal);
        Assert.Equal(["a.example"], observed.Facts!.Names);
        Assert.Equal(["s"], observed.UsedBy);
        await using var last = await ConnectToAnybodyAsync(scene, "a.example");
        Assert.NotEqual(before, last.RemoteCertificate!.GetCertHashString());
    }

    private static Task<SslStream> ConnectToAnybodyAsync(TlsScene scene, string name)
    {
        var options = scene.OptionsFor(name);
        options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        return scene.ConnectAsync(options);
    }

    private static async Task<string> TextAsync(Socket socket, int length) =>
        Encoding.ASCII.GetString(await socket.ReceiveExactlyAsync(length));

    // Of so many bytes nobody wants to see a difference written out.
    private static void AssertSame(byte[] sent, byte[] received) => Assert.True(sent.AsSpan().SequenceEqual(received));

    private static byte[] Pattern(int length, int step)
    {
        var data = new byte[length];
        for (var index = 0; index < length; index++)
        {
            data[index] = (byte)((index * step) + (index >> 8));
        }
        return data;
    }

    private static async Task<byte[]> ReadToEndAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await Wait.For(stream.CopyToAsync(all), "the end of the stream");
        return all.ToArray();
    }
}
