using System.Globalization;

namespace Fulcrum.Engine.History;

/// <summary>What a source brought and was put in force, as <c>fulcrum history</c> lists it.</summary>
/// <param name="Number">Grows by one with each, and is never given twice.</param>
/// <param name="At">When it came into force.</param>
/// <param name="By">Who wanted it.</param>
/// <param name="Source">The source that brought it: <c>file /etc/fulcrum/edge.yaml</c>.</param>
/// <param name="Services">How many it has.</param>
/// <param name="Backends">How many it has.</param>
/// <param name="Vips">How many it has.</param>
/// <param name="Digest">SHA-256 of its text, in hexadecimal: a text that was damaged or edited is not what was in force.</param>
public sealed record HistoryEntry(
    int Number,
    DateTimeOffset At,
    string By,
    string Source,
    int Services,
    int Backends,
    int Vips,
    string Digest
)
{
    /// <summary>In a sentence: <c>number 7 of 2026-01-31 12:00:00Z by alice</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"number {Number} of {At:u} by {By}");
}
