using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Stages;

namespace Fulcrum.Proxy.DatagramStages;

/// <summary>What a stage is made with.</summary>
/// <param name="Host">Its session.</param>
/// <param name="Next">Where it passes datagrams on to.</param>
/// <param name="Destination">The upstream that it needs; null: it needs none.</param>
/// <param name="Log">Where stages write lines.</param>
internal sealed record DatagramStageContext(
    IDatagramHost Host,
    StageDirection Direction,
    IDatagramSink Next,
    Destination? Destination,
    StageLog Log
);
