using Fulcrum.Engine.Ports;

namespace Fulcrum.Api.Metrics;

/// <summary>What is told of one backend of one service.</summary>
/// <param name="Labels">Service, upstream, backend.</param>
/// <param name="HasDatagrams">Its service has listeners for datagrams.</param>
internal sealed record BackendRow(
    KeyValuePair<string, object?>[] Labels,
    int Weight,
    BackendDuty Duty,
    Verdict Verdict,
    bool HasDatagrams,
    SessionCounters Counters
);
