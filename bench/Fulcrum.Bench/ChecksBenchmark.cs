using System.ComponentModel;
using Fulcrum.Bench.Checks;

namespace Fulcrum.Bench;

/// <summary>
/// What it costs to check many backends, beside HAProxy with the same backends: processor, memory, threads; how soon
/// all are asked; and how soon a thousand that die at once are out.
/// </summary>
internal static class ChecksBenchmark
{
    private const int Few = 10;
    private const double MostCores = 0.25;

    /// <summary>200 MB.</summary>
    private const double MostMebibytes = 190;

    /// <summary>The runtime adds and takes away a few of its own as it likes.</summary>
    private const int MostMoreThreads = 5;

    /// <summary>Seconds between probes of the HTTP load.</summary>
    private const double HttpInterval = 1;

    private const int WarmUpQuestions = 100;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    public static int Run(string[] arguments)
    {
        if (
            Arguments.Parse(
                arguments,
                ("backends", 20_000),
                ("interval", 10),
                ("http", 2_000),
                ("dead", 1_000),
                ("seconds", 40)
            )
            is not [var backends, var interval, var http, var dead, var seconds]
        )
        {
            return 2;
        }

        Console.WriteLine(Machine.Describe());
        var bounds = new Bounds();
        var mortal = (int)dead / CheckLoad.PerUpstream * CheckLoad.PerUpstream;
        var tcp = new CheckLoad((int)backends, mortal, interval, Http: false);
        var few = Fulcrum(tcp with { Backends = Few, Mortal = 0, Interval = HttpInterval }, Few, bounds, null);
        var many = Fulcrum(tcp, seconds, bounds, few);
        Haproxy(tcp, seconds, many);
        var requests = new CheckLoad((int)http, 0, HttpInterval, Http: true);
        Haproxy(requests, seconds / 2, Fulcrum(requests, seconds / 2, bounds, few));
        return bounds.AreKept ? 0 : 1;
    }

    private static Steady Fulcrum(CheckLoad load, double seconds, Bounds bounds, Steady? few)
    {
        Console.WriteLine($"\n{load}");
        using var trial = Trial.OfFulcrum(load);
        trial.Process.Watch(2 * load.Period);
        var steady = trial.Measure(TimeSpan.FromSeconds(seconds));
        Console.WriteLine($"  fulcrum: {steady}");
        var spread = trial.Spread ?? TimeSpan.MaxValue;
        bounds.Keep("all backends had a first probe within", spread.TotalSeconds, load.Interval, "s");
        bounds.KeepIfIdle("cores", steady.Cores, MostCores, "");
        bounds.Keep("memory", steady.Memory, MostMebibytes, "MiB");
        if (few is not null)
        {
            bounds.Keep("threads", steady.Threads, few.Threads + MostMoreThreads, $"({few.Threads} with {Few} checks)");
        }

        if (load.Mortal > 0)
        {
            Kill(trial, bounds);
        }

        return steady;
    }

    private static void Kill(Trial trial, Bounds bounds)
    {
        using var node = new NodeQuestions(trial.Socket);
        var alive = new Queue<string>(trial.Load.MortalSubjects);
        // Code is compiled for the first questions: that is not what deaths cost.
        var healthy = Enumerable.Range(0, WarmUpQuestions).Select(_ => node.StateOf(alive.Peek())).Last();
        var (start, cpu) = (TimeProvider.System.GetTimestamp(), trial.Process.Cpu);
        var bound = (trial.Load.Period * CheckLoad.Fall) + CheckLoad.Timeout;
        trial.Kill();
        // An upstream is not healthy any more when the last of its backends is out.
        trial.Process.WaitUntil(
            "takes out the dead",
            bound * 2,
            () =>
            {
                while (alive.TryPeek(out var next) && node.StateOf(next) != healthy)
                {
                    alive.Dequeue();
                }

                trial.Process.Watch(alive.Count == 0 ? TimeSpan.Zero : Look);
                return alive.Count == 0;
            }
        );
        var took = TimeProvider.System.GetElapsedTime(start);
        bounds.Keep(
            $"{trial.Load.Mortal} die at once, the last is out after",
            took.TotalSeconds,
            bound.TotalSeconds,
            "s"
        );
        bounds.KeepIfIdle("cores meanwhile", (trial.Process.Cpu - cpu) / took, MostCores, "");
    }

    /// <summary>The peer; where it cannot run that is said, and nothing else is missing.</summary>
    private static void Haproxy(CheckLoad load, double seconds, Steady fulcrum)
    {
        try
        {
            var possible = load.ForHaproxy(Machine.MostDescriptors());
            if (possible.Backends < load.Backends)
            {
                Console.WriteLine($"  haproxy cannot have more descriptors here: {possible}");
            }

            using var trial = Trial.OfHaproxy(possible);
            trial.Process.Watch(2 * load.Period);
            var steady = trial.Measure(TimeSpan.FromSeconds(seconds));
            Console.WriteLine($"  haproxy: {steady}");
            Console.WriteLine(
                $"  fulcrum/haproxy: CPU each {fulcrum.MicrosecondsEach / steady.MicrosecondsEach:0.00}, memory {fulcrum.Memory / steady.Memory:0.00}"
            );
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            Console.WriteLine($"  haproxy is left out: {e.Message}");
        }
    }
}
