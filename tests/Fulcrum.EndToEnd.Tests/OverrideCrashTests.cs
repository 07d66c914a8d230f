using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests;

/// <summary>Operators write decisions through the running program, which is killed at random moments.</summary>
public sealed class OverrideCrashTests
{
    private const int Backends = 8;
    private const int Writers = 3;

    [Fact]
    public async Task No_acknowledged_override_is_lost_whenever_the_program_is_killed()
    {
        var random = Seeds.NewRandom();
        await using var daemon = await Daemon.Start(null, Configuration());
        // What was acknowledged last for each target, and what was sent after that without an answer.
        var acknowledged = new Dictionary<string, int>(StringComparer.Ordinal);
        var total = 0;
        var kills = Soak.Count(200);
        for (var kill = 0; kill < kills; kill++)
        {
            var sent = new Dictionary<string, List<int>>(StringComparer.Ordinal);
            using (var api = daemon.Api())
            {
                var writing = Enumerable
                    .Range(0, Writers)
                    .Select(writer => WriteAsync(api, writer, total, new Random(random.Next()), acknowledged, sent))
                    .ToList();
                var enough = total + random.Next(1, 60);
                await Wait.Until(() => Volatile.Read(ref _answers) >= enough, "overrides to be acknowledged");
                await daemon.Kill();
                await Task.WhenAll(writing);
                total = _answers;
            }

            await daemon.Run();
            var kept = await KeptAsync(daemon);
            foreach (var (target, weight) in acknowledged)
            {
                var may = sent.GetValueOrDefault(target, []).Prepend(weight);
                Assert.True(
                    kept.TryGetValue(target, out var found) && may.Contains(found),
                    $"kill {kill}: {target} was acknowledged with {weight}, and is {found}"
                );
                acknowledged[target] = found;
            }
        }

        Assert.True(total >= kills, $"only {total} overrides were acknowledged");
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {total} overrides acknowledged, none lost");
    }

    private int _answers;

    // Each writer has targets of its own, so that it knows their order.
    private async Task WriteAsync(
        HttpClient api,
        int writer,
        int first,
        Random random,
        Dictionary<string, int> acknowledged,
        Dictionary<string, List<int>> sent
    )
    {
        for (var number = first; ; number++)
        {
            var backend = (random.Next(Backends) * Writers) + writer;
            var target = $"backend/web/b{backend}";
            var weight = 1 + (number % 60_000);
            lock (sent)
            {
                if (!sent.TryGetValue(target, out var list))
                {
                    sent[target] = list = [];
                }

                list.Add(weight);
            }

            try
            {
                using var body = new StringContent(
                    $$"""{ "action": "weight", "weight": {{weight}}, "owner": "test" }""",
                    Encoding.UTF8,
                    "application/json"
                );
                using var answer = await api.PutAsync(
                    new Uri($"/api/v1/overrides?target={Uri.EscapeDataString(target)}", UriKind.Relative),
                    body
                );
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
            catch (HttpRequestException)
            {
                return;
            }

            lock (sent)
            {
                acknowledged[target] = weight;
                sent[target].Clear();
            }

            Interlocked.Increment(ref _answers);
        }
    }

    private static async Task<Dictionary<string, int>> KeptAsync(Daemon daemon)
    {
        using var api = daemon.Api();
        var status = JsonNode.Parse(await api.GetStringAsync(new Uri("/api/v1/status", UriKind.Relative)))!;
        return status["overrides"]!
            .AsArray()
            .ToDictionary(one => (string)one!["target"]!, one => (int)one!["weight"]!, StringComparer.Ordinal);
    }

    private static string Configuration()
    {
        var backends = Enumerable
            .Range(0, Backends * Writers)
            .Select(number => $"{{ address: 127.0.0.1:{20_000 + number}, name: b{number} }}");
        return $$"""
            upstreams:
              web: { backends: [{{string.Join(", ", backends)}}] }
            services:
              web: { listen: tcp://127.0.0.1:{{Ports.Unused()}}, upstream: web }
            """;
    }
}
