using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Exposition;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests;

/// <summary>
/// Thousands who connect and never say a word, to a service that waits for the first one: they cost little, no address
/// has more than its share, and others do not notice. A soak run has twenty thousand of them and asserts how long others
/// wait; it takes a process that may have as many descriptors.
/// </summary>
public sealed class SilenceTests
{
    private const int Addresses = 200;
    private const int Questions = 300;
    private const int MostKibibytesEach = 4;

    [Fact]
    public async Task Those_who_never_speak_cost_little_and_nobody_else_waits_for_them()
    {
        var each = Soak.Count(20_000) / Addresses;
        var share = each * 9 / 10;
        var port = Ports.Unused();
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), EchoAsync);
        await using var daemon = await Daemon.Start(null, Configuration(port, server.EndPoint.Port, share));
        using var api = daemon.Api();
        var target = new IPEndPoint(IPAddress.Loopback, port);
        _ = await MedianAsync(target);
        var (before, memory) = (await MedianAsync(target), Resident(daemon));

        var silent = new List<Socket>();
        try
        {
            for (var number = 0; number < share * Addresses; number++)
            {
                silent.Add(Connect(target, SourceOf(number)));
            }
            await Wait.Until(
                async () => await ValueAsync(api, "fulcrum_service_sessions_active") == share * Addresses,
                $"{share * Addresses} sessions"
            );
            for (var number = share * Addresses; number < each * Addresses; number++)
            {
                // It is refused, and this process may not have so many descriptors either.
                Connect(target, SourceOf(number)).Dispose();
            }
            await Wait.Until(
                async () =>
                    await ValueAsync(api, "fulcrum_service_refused_total", ("reason", "source-limit"))
                    == (each - share) * Addresses,
                $"{(each - share) * Addresses} refusals"
            );
            var (during, grown) = (await MedianAsync(target), Resident(daemon) - memory);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{share * Addresses} silent connections, {grown} KiB: others wait {during:0} us where they waited {before:0} us"
            );
            Assert.InRange(grown, long.MinValue, (share * Addresses * MostKibibytesEach) + (16 * 1024));
            Assert.True(
                Soak.Share < 1 || during < before * 2,
                $"others wait {during} us where they waited {before} us"
            );
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
        await Wait.Until(
            async () => await ValueAsync(api, "fulcrum_service_sessions_active") == 0,
            "the end of the silent"
        );
    }

    private static string Configuration(int port, int backend, int share) =>
        $$"""
            services:
              front:
                listen: tcp://127.0.0.1:{{port}}
                client: { preface-timeout: 10m, max-connections-per-address: {{share}} }
                routes:
                  - { match: { sni: "*.example.com" }, upstream: rest }
                  - { upstream: rest }
            upstreams:
              rest: { backends: [127.0.0.1:{{backend}}] }
            """;

    private static IPAddress SourceOf(int number) => new([127, 0, 1, (byte)(1 + (number % Addresses))]);

    private static Socket Connect(IPEndPoint target, IPAddress source)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(source, 0));
        try
        {
            socket.Connect(target);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // It stood, and was refused before we looked.
        }
        return socket;
    }

    /// <summary>How long a client waits that connects, speaks and is answered, in microseconds.</summary>
    private static async Task<double> MedianAsync(IPEndPoint target)
    {
        var times = new List<double>();
        var word = "a word"u8.ToArray();
        for (var question = 0; question < Questions; question++)
        {
            var began = TimeProvider.System.GetTimestamp();
            using var client = Connect(target, IPAddress.Loopback);
            _ = client.Send(word);
            using var stream = new NetworkStream(client);
            await stream.ReadExactlyAsync(new byte[word.Length]);
            times.Add(TimeProvider.System.GetElapsedTime(began).TotalMicroseconds);
        }
        times.Sort();
        return times[Questions / 2];
    }

    private static async Task EchoAsync(Socket socket)
    {
        var buffer = new byte[64];
        int count;
        while ((count = await socket.ReceiveAsync(buffer)) > 0)
        {
            await socket.SendAsync(buffer.AsMemory(0, count));
        }
    }

    private static async Task<double> ValueAsync(HttpClient api, string sample, params (string, string)[] labels)
    {
        var page = ExpositionParser.Parse(await api.GetByteArrayAsync(new Uri("/metrics", UriKind.Relative)), false);
        return page.Value(sample, [("service", "front"), .. labels]);
    }

    /// <summary>In KiB.</summary>
    private static long Resident(Daemon daemon) =>
        File.ReadLines($"/proc/{daemon.Pid}/status")
            .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Select(line =>
                long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
            )
            .Single();
}
