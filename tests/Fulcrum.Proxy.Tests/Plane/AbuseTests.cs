using System.Net;
using System.Net.Sockets;
using Fulcrum.Model.Services;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>
/// Clients that mean harm, and others beside them who do not notice. How long these wait is compared within one run, with
/// and without the harm; it is reported always and asserted in a soak run only, where nothing else uses the machine.
/// </summary>
public sealed class AbuseTests
{
    private const int Loops = 4;
    private const int Questions = 400;

    [Fact]
    public async Task Connections_that_never_speak_cost_little_and_nobody_else_waits_for_them()
    {
        const int Addresses = 200;
        // Those of the test's own two sockets are among them.
        const long MostBytesEach = 8192;
        // Four descriptors each, all in this process.
        var count = Math.Min(Soak.Count(20_000), (Descriptors() - 2_000) / 4);
        await using var harness = new PlaneHarness(loops: Loops);
        using var answering = Sockets.Listen();
        _ = Sockets.EchoAsync(answering, bufferSize: 16);
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(answering.LocalEndPoint!));
        var before = await MedianAsync(target);
        await harness.UntilActiveAsync(0);

        // From here on whoever comes is watched, and no address may have more than its share.
        var share = Math.Max(1, count / Addresses);
        harness.Client = new ClientRules { MaxConnectionsPerAddress = share };
        await harness.ApplyAsync(
            harness.Table(harness.Service(target.Port, PlaneHarness.Backend(answering.LocalEndPoint!)))
        );
        var memory = GC.GetTotalMemory(true);
        var clients = new List<Socket?>();
        for (var index = 0; index < share * Addresses; index++)
        {
            clients.Add(await Sockets.TryConnectFromAsync(2 + (index % Addresses), target));
        }
        await harness.UntilActiveAsync(share * Addresses);
        for (var index = 0; index < Addresses; index++)
        {
            clients.Add(await Sockets.TryConnectFromAsync(2 + index, target));
        }
        await Wait.Until(() => harness.Counters.RefusedBySource == Addresses, "the refusals");
        var each = (GC.GetTotalMemory(true) - memory) / (share * Addresses);

        var during = await MedianAsync(target);
        Report($"{share * Addresses} silent connections of {each} bytes each", before, during);
        Assert.InRange(each, 0, MostBytesEach);
        foreach (var loop in harness.Plane.EventLoops)
        {
            Assert.Equal(0, await harness.BuffersInUseAsync(loop));
        }
        // The one that means no harm may be known or forgotten by now.
        Assert.InRange(harness.Observed.Sources!.Value.Known, Addresses, Addresses + 1);
        Assert.Equal(Addresses, harness.Counters.Refused);
        clients.ForEach(client => client?.Dispose());
        await harness.UntilActiveAsync(0);
    }

    [Fact]
    public async Task A_source_that_opens_thousands_a_second_is_stopped_at_the_door()
    {
        const int Rate = 20;
        var count = Soak.Count(50_000);
        await using var harness = new PlaneHarness(loops: Loops);
        using var answering = Sockets.Listen();
        _ = Sockets.EchoAsync(answering, bufferSize: 16);
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(answering.LocalEndPoint!));
        var before = await MedianAsync(target);
        harness.Client = new ClientRules { RatePerAddress = Rate, BurstPerAddress = Questions };
        await harness.ApplyAsync(
            harness.Table(harness.Service(target.Port, PlaneHarness.Backend(answering.LocalEndPoint!)))
        );
        var memory = GC.GetTotalMemory(true);
        var began = TimeProvider.System.GetTimestamp();
        var total = harness.Counters.Total;
        var flood = Task.Factory.StartNew(
            () => Flood(target, count),
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        var during = await MedianAsync(target);
        await Wait.For(flood, "the end of the flood", TimeSpan.FromMinutes(5));
        await Wait.Until(
            () => harness.Counters.Total - total + harness.Counters.Refused == count + Questions,
            "an answer to everybody"
        );
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        Report($"{count / seconds:0} connections a second", before, during);
        var admitted = harness.Counters.Total - total - Questions;
        Assert.InRange(admitted, Math.Min(count, Questions), Questions + (Rate * seconds) + 1);
        Assert.Equal(count - admitted, harness.Counters.RefusedByRate);
        Assert.Equal(0, harness.Counters.ConnectFailures);
        Assert.InRange(harness.Observed.Sources!.Value.Known, 1, 2);
        Assert.InRange(GC.GetTotalMemory(true) - memory, long.MinValue, 16 * 1024 * 1024);
        await harness.UntilActiveAsync(0);
    }

    /// <summary>Each waits for its answer, be it a reset: one that is aborted before it is accepted is never counted.</summary>
    private static void Flood(IPEndPoint target, int count)
    {
        var buffer = new byte[1];
        for (var index = 0; index < count; index++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, 66]), 0));
            try
            {
                socket.Connect(target);
                _ = socket.Send(buffer);
                _ = socket.Receive(buffer);
            }
            catch (SocketException exception)
                when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
            {
                // That is the answer.
            }
        }
    }

    /// <summary>How long a client that means no harm waits to be connected and answered.</summary>
    private static async Task<double> MedianAsync(IPEndPoint target)
    {
        var times = new List<double>();
        for (var index = 0; index < Questions; index++)
        {
            var began = TimeProvider.System.GetTimestamp();
            using var client = await Sockets.ConnectAsync(target);
            await client.SendAllAsync("x"u8.ToArray());
            _ = await client.ReceiveExactlyAsync(1);
            times.Add(TimeProvider.System.GetElapsedTime(began).TotalMicroseconds);
        }
        times.Sort();
        return times[Questions / 2];
    }

    private static void Report(string harm, double before, double during)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{harm}: others wait {during:0} us where they waited {before:0} us"
        );
        if (Soak.Share >= 1)
        {
            Assert.InRange(during, 0, before * 2);
        }
    }

    private static int Descriptors()
    {
        var line = File.ReadLines("/proc/self/limits")
            .Single(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return int.TryParse(soft, out var limit) ? limit : int.MaxValue;
    }
}
