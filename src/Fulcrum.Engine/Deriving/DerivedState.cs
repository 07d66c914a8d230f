using Fulcrum.Engine.Deriving.Certificates;
using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>
/// All that was decided, with its reasons, what later decisions depend on, and the indices by which the next decision
/// finds what news touches.
/// </summary>
public sealed record DerivedState
{
    public static DerivedState Initial { get; } = new();

    public EngineInputs Inputs { get; init; } = EngineInputs.Nothing;

    public Desired Desired { get; init; } = Desired.Nothing;

    public Ledger Ledger { get; init; } = Ledger.Empty;

    /// <summary>Grows by one with each change of what any plane is told.</summary>
    public long Generation => Desired.Planes.Values.Sum(table => table.Generation);

    /// <summary>When something changes without news.</summary>
    public DateTimeOffset? WakeAt =>
        new[] { UpstreamSection.WakeAt, ServiceSection.WakeAt, VipSection.WakeAt, CertificateSection.WakeAt }.Min();

    /// <summary>By name; those that are leaving included.</summary>
    public Map<string, DerivedService> Services => ServiceSection.Services;

    public Map<string, DerivedVip> Vips => VipSection.Vips;

    /// <summary>What clients are shown, by file or by the name that it is got for.</summary>
    public Map<string, DerivedCertificate> Certificates => CertificateSection.Certificates;

    internal UpstreamSection UpstreamSection { get; init; } = UpstreamSection.Initial;

    internal ServiceSection ServiceSection { get; init; } = ServiceSection.Initial;

    internal VipSection VipSection { get; init; } = VipSection.Initial;

    internal CertificateSection CertificateSection { get; init; } = CertificateSection.Initial;

    /// <summary>What the listeners of a service lead to, in their order.</summary>
    public IEnumerable<DerivedUpstream> UpstreamsOf(DerivedService service) =>
        service.Views.All.Select(view => UpstreamSection.Views[view]!);

    /// <summary>Every way in which an upstream is seen.</summary>
    public IEnumerable<DerivedUpstream> ViewsOf(string upstream) =>
        UpstreamSection.ByUpstream.Of(upstream).Select(view => UpstreamSection.Views[view]!);
}
