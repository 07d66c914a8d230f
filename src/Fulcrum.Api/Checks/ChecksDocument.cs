namespace Fulcrum.Api.Checks;

/// <summary>What <c>GET /api/v1/checks</c> answers: every probe that is asked for, by the names of its checks.</summary>
public sealed record ChecksDocument
{
    public required IReadOnlyList<CheckDocument> Checks { get; init; }

    /// <summary>Probes that are left out: ask for fewer, or with a greater limit.</summary>
    public required int More { get; init; }
}
