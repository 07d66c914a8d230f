using Fulcrum.Engine.Ports;

namespace Fulcrum.Api.Metrics;

/// <summary>What is told of one upstream; of several views of it the worst.</summary>
internal sealed record UpstreamRow(
    KeyValuePair<string, object?>[] Labels,
    int Backends,
    int Healthy,
    int Serving,
    Verdict Verdict
);
