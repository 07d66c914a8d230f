using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Stages;

/// <summary>What a stage is made with.</summary>
/// <param name="Name">As it is configured.</param>
/// <param name="Host">Its session.</param>
/// <param name="Source">What it reads from.</param>
/// <param name="Destination">The upstream that it needs; null: it needs none.</param>
/// <param name="Log">Where stages write lines.</param>
internal sealed record StageContext(
    string Name,
    IStageHost Host,
    StageDirection Direction,
    IByteSource Source,
    Destination? Destination,
    StageLog Log
);
