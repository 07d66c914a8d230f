using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Services;

/// <summary>How the listeners of a service, in their order, see the upstreams that they lead to.</summary>
internal sealed record ServiceViews(Items<Items<UpstreamView>> ByListener)
{
    public static ServiceViews None { get; } = new(Items<Items<UpstreamView>>.Empty);

    public Items<UpstreamView> All { get; } = Items.From(ByListener.SelectMany(views => views));
}
