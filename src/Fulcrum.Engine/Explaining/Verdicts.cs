using Fulcrum.Engine.Ports;

namespace Fulcrum.Engine.Explaining;

internal static class Verdicts
{
    public static Verdict Worst(IEnumerable<Verdict> verdicts) =>
        verdicts.MaxBy(verdict =>
            verdict switch
            {
                Verdict.Healthy => 0,
                Verdict.Unknown => 1,
                _ => 2,
            }
        );
}
