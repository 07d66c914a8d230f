using Fulcrum.Bench.Statistics;

namespace Fulcrum.Bench.Live;

/// <summary>What was measured of a lane: medians over rounds.</summary>
/// <param name="Lane">Which.</param>
/// <param name="Time">Nanoseconds of processor for a frame, with sending and counting.</param>
/// <param name="Own">Without these.</param>
/// <param name="Ratio">The latter beside the peer's in the same round.</param>
/// <param name="Delivered">The share of frames that came out.</param>
internal sealed record LaneResult(Lane Lane, double Time, double Own, Interval Ratio, double Delivered)
{
    private const double LeastDelivery = 0.9;

    /// <summary>What is not as it should be; null: nothing.</summary>
    public string? Missed =>
        Delivered < LeastDelivery
            ? FormattableString.Invariant(
                $"{Lane.Name}: {Delivered:0.00} of the frames came out, at least {LeastDelivery} should"
            )
        : Ratio.Estimate > Lane.Most
            ? FormattableString.Invariant(
                $"{Lane.Name}: {Ratio.Estimate:0.00} of the time for a frame of {Lane.Peer.Name}, at most {Lane.Most} is wanted"
            )
        : null;
}
