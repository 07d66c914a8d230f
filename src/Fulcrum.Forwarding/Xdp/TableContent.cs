using System.Net;
using Fulcrum.Forwarding.Xdp.Tables;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>All that the tables of the program ought to hold.</summary>
internal sealed class TableContent
{
    public Dictionary<VipKey, VipEntry> Vips { get; } = [];

    public Dictionary<RangeKey, VipEntry> Ranges { get; } = [];

    public Dictionary<SourceKey, uint> Sources { get; } = [];

    public HashSet<IPAddress> Addresses { get; } = [];

    public Dictionary<uint, BackendEntry> Backends { get; } = [];

    /// <summary>By the number of the vip.</summary>
    public Dictionary<uint, RingPlan> Rings { get; } = [];
}
