using System.Globalization;
using Fulcrum.Bench.Control;

namespace Fulcrum.Bench;

/// <summary>
/// Small changes through the API, one after the other, each durable before the next: alone, with many who follow the
/// events, and with one among them that does not read.
/// </summary>
internal static class ControlBenchmark
{
    private const int Backends = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (
            Arguments.Parse(arguments, ("changes", 10_000), ("followed", 2_000), ("consumers", 1_000))
            is not [var changes, var followed, var consumers]
        )
        {
            return 2;
        }

        Console.WriteLine(Machine.Describe());
        var folder = Directory.CreateTempSubdirectory("fulcrum-bench");
        try
        {
            var file = Path.Join(folder.FullName, "fulcrum.yaml");
            await File.WriteAllTextAsync(file, "services: {}\n");
            using var node = MeasuredProcess.Fulcrum(file, folder.FullName);
            var socket = Path.Join(folder.FullName, "fulcrum.sock");
            node.WaitUntil("listens", Patience, () => File.Exists(socket));
            using var api = new ApiConnection(socket);
            var addresses = string.Join(", ", Enumerable.Range(1, Backends).Select(i => $"\"127.0.0.1:{9000 + i}\""));
            await api.SendAsync(
                HttpMethod.Put,
                "/configuration/services/web",
                $$"""{ "listen": "tcp://127.0.0.1:{{Ports.Unused()}}", "backends": [{{addresses}}] }"""
            );
            await ChangeAsync(api, 500);
            var alone = await MeasureAsync(api, node, (int)changes, "alone");
            var reading = await WithConsumersAsync(api, node, socket, (int)followed, (int)consumers, stalled: 0);
            var stalling = await WithConsumersAsync(api, node, socket, (int)followed, (int)consumers, stalled: 1);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  one of {consumers} not reading / all reading: {stalling / reading:0.00}; {consumers} reading / alone: {reading / alone:0.00}"
                )
            );
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> WithConsumersAsync(
        ApiConnection api,
        MeasuredProcess node,
        string socket,
        int changes,
        int count,
        int stalled
    )
    {
        var consumers = Enumerable.Range(0, count).Select(i => new EventConsumer(socket, i >= stalled)).ToList();
        var readers = consumers.Skip(stalled).ToList();
        try
        {
            node.WaitUntil("begins all streams", Patience, () => readers.TrueForAll(one => one.Begun));
            var rate = await MeasureAsync(
                api,
                node,
                changes,
                stalled == 0
                    ? $"{count} follow the events"
                    : $"{count} follow the events, {stalled} of them does not read"
            );
            node.WaitUntil(
                "sends every event to all",
                Patience,
                () => readers.TrueForAll(one => one.Events == changes)
            );
            Console.WriteLine($"    each of {readers.Count} had all {changes} events");
            return rate;
        }
        finally
        {
            consumers.ForEach(one => one.Dispose());
        }
    }

    /// <returns>Changes in a second.</returns>
    private static async Task<double> MeasureAsync(ApiConnection api, MeasuredProcess node, int count, string what)
    {
        var memory = node.Memory;
        var took = await ChangeAsync(api, count);
        var total = took.Sum();
        Array.Sort(took);
        var rate = count / total;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {count} changes, {what}: {rate:0} /s, median {took[count / 2] * 1000:0.00} ms, 99 % within {took[count * 99 / 100] * 1000:0.00} ms; memory {memory:0} -> {node.Memory:0} MiB"
            )
        );
        return rate;
    }

    private static async Task<double[]> ChangeAsync(ApiConnection api, int count)
    {
        var took = new double[count];
        for (var i = 0; i < count; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            await api.SendAsync(
                HttpMethod.Patch,
                $"/configuration/upstreams/web/backends/127.0.0.1:{9001 + (i % Backends)}",
                $$"""{ "weight": {{2 + (i % 97)}} }"""
            );
            took[i] = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        }

        return took;
    }
}
