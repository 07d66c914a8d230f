using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench.Proxies;

/// <summary>
/// What a connection costs in memory that does nothing: how much a proxy grows by many of them, each with an exchange
/// behind it. The proxy is a new one, so that none of it is left from earlier work; a few connections come first, so that
/// what the first one needs once is not counted.
/// </summary>
internal static class Idle
{
    private const int First = 200;
    private const double BytesPerMebibyte = 1024 * 1024;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of each connection; null when the proxy did not start.</summary>
    public static double? Measure(Row row, Exchange load, Func<Contender?> start)
    {
        using var contender = start();
        if (contender is null)
        {
            return null;
        }

        double Memory()
        {
            contender.Process.Watch(Settling);
            return contender.Process.ProportionalMemory;
        }

        load.Hold(contender.AddressFor(row), First, Bound, () => { });
        var before = Memory();
        var after = before;
        load.Hold(contender.AddressFor(row), row.Idle, Bound, () => after = Memory());
        return (after - before) * BytesPerMebibyte / row.Idle;
    }
}
