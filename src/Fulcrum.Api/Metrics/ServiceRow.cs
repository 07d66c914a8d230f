using Fulcrum.Engine.Ports;

namespace Fulcrum.Api.Metrics;

/// <summary>What is told of one service.</summary>
/// <param name="Labels">Its name.</param>
/// <param name="IsHealthy">It is wanted, and every listener has somebody to send clients to.</param>
/// <param name="HasStreams">It has listeners for connections.</param>
/// <param name="HasDatagrams">It has listeners for datagrams.</param>
/// <param name="EndsTls">Clients' TLS ends here.</param>
internal sealed record ServiceRow(
    KeyValuePair<string, object?>[] Labels,
    bool IsHealthy,
    bool HasStreams,
    bool HasDatagrams,
    bool EndsTls,
    ObservedService Observed
);
