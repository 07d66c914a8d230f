namespace Fulcrum.Bench.Proxies;

/// <summary>How amounts of a row are written.</summary>
/// <param name="Rate">What comes in a second.</param>
/// <param name="PerRate">So many of them is one unit of the load.</param>
/// <param name="Cost">What one costs.</param>
/// <param name="PerCost">So many of them is a microsecond for one unit of the load.</param>
internal sealed record Unit(string Rate, double PerRate, string Cost, double PerCost)
{
    private const double BitsPerByte = 8;
    private const double Giga = 1e9;
    private const double Gibi = 1024 * 1024 * 1024;
    private const double MicrosecondsPerMillisecond = 1000;

    public static readonly Unit Each = new("/s", 1, "µs each", 1);

    public static readonly Unit Bytes = new(
        "Gbit/s",
        BitsPerByte / Giga,
        "ms a GiB",
        Gibi / MicrosecondsPerMillisecond
    );
}
