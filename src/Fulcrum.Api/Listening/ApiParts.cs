using Fulcrum.Api.Access;
using Fulcrum.Api.Access.Audit;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Api.Listening;

/// <summary>What every place of the API shares.</summary>
internal sealed record ApiParts(
    NodeContext Node,
    AccessGate Gate,
    AuditTrail Audit,
    ApiSockets Sockets,
    ILoggerFactory Logs
);
