using Fulcrum.Bench.Deciding;
using Fulcrum.Bench.Statistics;
using Fulcrum.Configuration;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Planning;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Model;
using Fulcrum.Model.Sources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fulcrum.Bench;

/// <summary>
/// What it costs to decide in a large configuration: a whole plan, the death of one backend, another weight for one
/// backend; and how many backends the plane is told of then. The engine is the real one, with its journal on disk; the
/// plane is one that only counts.
/// </summary>
internal static class DecideBenchmark
{
    private static readonly Source Origin = Source.File("large.yaml");

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (
            Arguments.Parse(arguments, ("services", 10_000), ("backends", 10), ("changes", 100))
            is not [var services, var backends, var changes]
        )
        {
            return 2;
        }

        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"{services} services of {backends} backends with weights, labels and an HTTP check each");
        var snapshot = Load((int)services, (int)backends);
        var again = Load((int)services, (int)backends);
        Plan("full plan, from nothing", Snapshot.Empty, snapshot);
        Plan("full plan, the same file read again", snapshot, again);
        return await ChangeAsync(snapshot, (int)changes);
    }

    private static Snapshot Load(int services, int backends)
    {
        using var text = new StringWriter();
        LargeConfiguration.WriteRich(text, services, backends);
        return SnapshotLoader.Parse(text.ToString(), "large.yaml", ConfigurationFormat.Yaml).Snapshot!;
    }

    private static void Plan(string name, Snapshot before, Snapshot after)
    {
        var running = Deriver.Derive(
            EngineInputs.Nothing with
            {
                Snapshot = before,
            },
            DerivedState.Initial,
            DateTimeOffset.UnixEpoch
        );
        var start = TimeProvider.System.GetTimestamp();
        var report = PlanReport.Of(running.Next, after, DateTimeOffset.UnixEpoch);
        var took = TimeProvider.System.GetElapsedTime(start);
        Console.WriteLine($"  {name}: {took.TotalSeconds:0.000} s ({report.Changes.Count} changes)");
    }

    private static async Task<int> ChangeAsync(Snapshot snapshot, int changes)
    {
        var folder = Directory.CreateTempSubdirectory("fulcrum-bench-");
        var plane = new CountingPlane();
        var seekers = new QuietSeekers();
        using var stop = new CancellationTokenSource();
        await using var journal = await Journal.OpenAsync(
            new DirectoryJournalDisk(folder.FullName),
            new JournalOptions(),
            stop.Token
        );
        using var engine = new Reconciler(
            "bench",
            [plane],
            journal,
            TimeProvider.System,
            new Random(1),
            NullLogger<Reconciler>.Instance
        );
        var running = engine.RunAsync(new() { Prober = seekers, Resolver = seekers }, stop.Token);
        try
        {
            var start = TimeProvider.System.GetTimestamp();
            var order = new ApplyOrder { By = "bench" };
            await engine.ApplyAsync(Origin, snapshot, order);
            Report("applied from nothing", [TimeProvider.System.GetElapsedTime(start)], plane.Told);
            foreach (var task in seekers.Probes.Keys)
            {
                engine.OnHealth(task, new(Verdict.Healthy, DateTimeOffset.UnixEpoch, "status 200", null));
            }

            await engine.ApplyAsync(Origin, snapshot, order);
            return Math.Max(
                await KillAsync(engine, seekers, plane, changes),
                await WeighAsync(engine, snapshot, plane, changes)
            );
        }
        finally
        {
            await stop.CancelAsync();
            await running.ContinueWith(_ => { }, TaskScheduler.Default);
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> KillAsync(Reconciler engine, QuietSeekers seekers, CountingPlane plane, int changes)
    {
        var times = new List<TimeSpan>();
        var told = new List<int>();
        foreach (var task in seekers.Probes.Keys.Take(changes).ToList())
        {
            plane.Committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            var start = TimeProvider.System.GetTimestamp();
            engine.OnHealth(task, new(Verdict.Unhealthy, DateTimeOffset.UnixEpoch, "connection refused", null));
            await plane.Committed.Task;
            times.Add(TimeProvider.System.GetElapsedTime(start));
            told.Add(plane.Told);
        }

        return Report($"death of one backend, {changes} times", times, [.. told]);
    }

    private static async Task<int> WeighAsync(Reconciler engine, Snapshot snapshot, CountingPlane plane, int changes)
    {
        var times = new List<TimeSpan>();
        var told = new List<int>();
        for (var change = 0; change < changes; change++)
        {
            var upstream = snapshot.Upstreams[change * 97 % snapshot.Upstreams.Count];
            var backend = upstream.Backends[0];
            var others = upstream.Backends.Skip(1);
            snapshot = snapshot with
            {
                Upstreams = snapshot.Upstreams.With(
                    upstream with
                    {
                        Backends = [backend with { Weight = backend.Weight + 1 }, .. others],
                    }
                ),
            };
            var start = TimeProvider.System.GetTimestamp();
            await engine.ApplyAsync(Origin, snapshot, new() { By = "bench" });
            times.Add(TimeProvider.System.GetElapsedTime(start));
            told.Add(plane.Told);
        }

        return Report($"another weight for one backend, applied {changes} times", times, [.. told]);
    }

    private static int Report(string name, List<TimeSpan> times, params int[] told)
    {
        var milliseconds = times.Select(time => time.TotalMilliseconds).ToList();
        Console.WriteLine(
            $"  {name}: median {Median.Of(milliseconds):0.000} ms, longest {milliseconds.Max():0.0} ms, "
                + $"backends told to the plane each time: {string.Join("..", new[] { told.Min(), told.Max() }.Distinct())}"
        );
        return 0;
    }
}
