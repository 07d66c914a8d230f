using Fulcrum.Output;

namespace Fulcrum.Top;

/// <summary>One object in the view.</summary>
/// <param name="Serving">Its backends that serve; null: it is a backend.</param>
/// <param name="Rates">Null: not known yet.</param>
/// <param name="Trend">Sessions in a second, of the last minute, the oldest first.</param>
internal sealed record TopRow(
    string Name,
    string Health,
    Cell? Serving,
    Counts Counts,
    Rates? Rates,
    IReadOnlyCollection<double?> Trend
);
