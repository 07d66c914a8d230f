using System.Globalization;
using Fulcrum.Api.Objects;
using Fulcrum.Output;

namespace Fulcrum.Getting;

internal static class PeerKind
{
    public static ObjectKind Kind { get; } =
        new DocumentKind<PeerDocument>(
            "peer",
            "peers",
            NodeJson.Lenient.PeerDocument,
            peer => [peer.Name],
            new(new("NAME") { Least = 12, KeepsEnd = true }, (peer, _) => peer.Name),
            new(new("ADDRESS"), (peer, _) => peer.Address),
            new(new("AS") { Right = true }, (peer, _) => peer.As.ToString(CultureInfo.InvariantCulture)),
            new(
                new("LOCAL AS") { Right = true, Drop = 2 },
                (peer, _) => peer.LocalAs.ToString(CultureInfo.InvariantCulture)
            ),
            new(SharedColumns.Labels, (peer, _) => Lists.Labels(peer.Labels)),
            new(new("SOURCE") { Drop = 3, Least = 9 }, (peer, _) => Tones.Dim(peer.Source))
        )
        {
            HasLabels = true,
            HasPages = true,
        };
}
