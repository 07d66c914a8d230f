using Fulcrum.Bench.Statistics;
using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench.Live;

/// <summary>
/// Frames that really go from card to card, each lane in turn. Judged is what a frame costs beyond sending it and counting
/// it, beside what it costs with the kernel's own NAT.
/// </summary>
internal static class LivePart
{
    private const double Confidence = 0.9;

    /// <returns>Time without a lane, and of each; and what became of frames of each while its program was replaced.</returns>
    public static (double Nowhere, IReadOnlyList<LaneResult> Lanes, IReadOnlyList<Replaced> Replaced) Measure(
        int rounds,
        int frames
    ) =>
        // A thread of its own: where it goes, no other follows.
        Task
            .Factory.StartNew(
                () =>
                {
                    Native.Pin(Machine.AllowedProcessors()[^1]);
                    using var lanes = new Lanes();
                    var (nowhere, results) = Measure(lanes, rounds, frames);
                    return (
                        nowhere,
                        results,
                        (IReadOnlyList<Replaced>)
                            [
                                .. Lane
                                    .All.Where(lane => lane.Carrier == Carrier.Driver)
                                    .Select(lane => lanes.SendWhileReplacing(lane, frames)),
                            ]
                    );
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            )
            .GetAwaiter()
            .GetResult();

    private static (double Nowhere, IReadOnlyList<LaneResult> Lanes) Measure(Lanes lanes, int rounds, int frames)
    {
        // Connections are made and tables filled.
        _ = lanes.SendNowhere(Ends.Flows);
        foreach (var lane in Lane.All)
        {
            _ = lanes.Send(lane, 2 * Ends.Flows);
        }

        var nowhere = new List<Passage>();
        var found = Lane.All.ToDictionary(lane => lane, _ => new List<Passage>());
        for (var round = 0; round < rounds; round++)
        {
            Console.Error.WriteLine($"live: round {round + 1} of {rounds}");
            nowhere.Add(lanes.SendNowhere(frames));
            for (var i = 0; i < Lane.All.Length; i++)
            {
                var lane = Lane.All[(i + round) % Lane.All.Length];
                found[lane].Add(lanes.Send(lane, frames));
            }
        }

        var peer = Own(Lane.Peer);
        return (
            Median.Of(nowhere.Select(one => one.Time)),
            [
                .. Lane.All.Select(lane => new LaneResult(
                    lane,
                    Median.Of(found[lane].Select(one => one.Time)),
                    Median.Of(Own(lane)),
                    Bootstrap.OfMedian([.. Own(lane).Zip(peer, (own, its) => own / its)], Confidence),
                    Median.Of(found[lane].Select(one => one.Delivered))
                )),
            ]
        );

        List<double> Own(Lane lane) => [.. found[lane].Zip(nowhere, (one, nothing) => one.Time - nothing.Time)];
    }
}
