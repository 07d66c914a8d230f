using Fulcrum.Engine.Ports;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Values;

namespace Fulcrum.Forwarding.Xdp.Translating;

/// <summary>One service in the program's words.</summary>
/// <param name="Source">The service.</param>
/// <param name="WakeAt">It is to be translated anew then. Null: it need not.</param>
internal sealed record TranslatedVips(
    PlaneService Source,
    Items<WantedVip> Vips,
    Items<Problem> Problems,
    DateTimeOffset? WakeAt
);
