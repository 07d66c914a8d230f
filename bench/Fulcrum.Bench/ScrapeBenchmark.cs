using System.IO.Pipelines;
using Fulcrum.Api.Metrics;
using Fulcrum.Api.Metrics.Exposition;
using Fulcrum.Bench.Deciding;
using Fulcrum.Bench.Statistics;
using Fulcrum.Configuration;
using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Linux.Processes;
using Fulcrum.Model;
using Fulcrum.Model.Sources;
using Fulcrum.Proxy.Plane;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fulcrum.Bench;

/// <summary>
/// What a page of metrics costs in a large configuration, on one core. Engine and plane are the real ones: every service
/// listens, on addresses that this machine does not have. The page is written and thrown away.
/// </summary>
internal static class ScrapeBenchmark
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (
            Arguments.Parse(arguments, ("services", 10_000), ("backends", 2), ("rounds", 20))
            is not [var services, var backends, var rounds]
        )
        {
            return 2;
        }

        Console.WriteLine(Machine.Describe());
        if (DescriptorLimit.Raise((ulong)services * 2) < services * 2)
        {
            await Console.Error.WriteLineAsync(
                $"{services} listeners need more descriptors than this process may open"
            );
            return 2;
        }

        Console.WriteLine($"{services} services of {backends} backends each, listening on one loop");
        using var text = new StringWriter();
        LargeConfiguration.WritePlain(text, (int)services, (int)backends);
        var snapshot = SnapshotLoader.Parse(text.ToString(), "large.yaml", ConfigurationFormat.Yaml).Snapshot!;
        return await MeasureAsync(snapshot, (int)rounds);
    }

    private static async Task<int> MeasureAsync(Snapshot snapshot, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("fulcrum-bench-");
        var seekers = new QuietSeekers();
        var scope = new object();
        var time = TimeProvider.System;
        using var stop = new CancellationTokenSource();
        await using var journal = await Journal.OpenAsync(new DirectoryJournalDisk(folder.FullName), new(), stop.Token);
        await using var plane = new ProxyPlane(new() { Loops = 1, MeterScope = scope }, time);
        using var engine = new Reconciler(
            "bench",
            [plane],
            journal,
            time,
            new Random(1),
            NullLogger<Reconciler>.Instance
        );
        using var metrics = new NodeMetrics(scope, new("bench", "0", "", default), engine, journal, time);
        var running = engine.RunAsync(new() { Prober = seekers, Resolver = seekers }, stop.Token);
        try
        {
            var result = await engine.ApplyAsync(Source.File("large.yaml"), snapshot, new() { By = "bench" });
            foreach (var problem in result.Problems.Take(3))
            {
                await Console.Error.WriteLineAsync(problem.ToString());
            }

            if (!result.Applied)
            {
                return 2;
            }

            await ScrapeAsync(metrics.Desk, rounds);
            return 0;
        }
        finally
        {
            await stop.CancelAsync();
            await running.ContinueWith(_ => { }, TaskScheduler.Default);
            folder.Delete(recursive: true);
        }
    }

    private static async Task ScrapeAsync(ScrapeDesk desk, int rounds)
    {
        var (times, processor, bytes) = (new List<double>(), new List<double>(), 0L);
        for (var round = 0; round < rounds; round++)
        {
            var start = TimeProvider.System.GetTimestamp();
            var before = ResourceUsage.OfProcess();
            var sink = new CountingStream();
            await desk.TryEnterAsync(CancellationToken.None);
            await desk.ServeAsync(PipeWriter.Create(sink), ExpositionFormat.OpenMetrics, CancellationToken.None);
            times.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
            var after = ResourceUsage.OfProcess();
            processor.Add((after.User + after.System - before.User - before.System).TotalMilliseconds);
            bytes = sink.Bytes;
        }

        // The first ones are compiled on the way.
        var later = rounds / 2;
        Console.WriteLine(
            $"  scrape of {desk.LastSamples} series: {Median.Of([.. times.Skip(later)]):0} ms "
                + $"({Median.Of([.. processor.Skip(later)]):0} ms of processor, {bytes / 1e6:0} MB; "
                + $"the first {times[0]:0} ms)"
        );
    }

    private sealed class CountingStream : Stream
    {
        public long Bytes { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Bytes;

        public override long Position
        {
            get => Bytes;
            set => throw new NotSupportedException();
        }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Bytes += count;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Bytes += buffer.Length;
            return default;
        }
    }
}
