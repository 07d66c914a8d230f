using Fulcrum.Model.Values;

namespace Fulcrum.Model.Pools;

/// <summary>How a pool picks among its free addresses.</summary>
public enum PoolOrder
{
    /// <summary>The first free one, in the order written.</summary>
    Sequential,

    /// <summary>From the range that is used least.</summary>
    Balanced,
}

/// <summary>Addresses that may be given to services.</summary>
public sealed record AddressPool : INamed
{
    public required string Name { get; init; }

    public Labels Labels { get; init; } = Labels.Empty;

    public Items<PoolRange> Ranges { get; init; }

    /// <summary>Given without being asked for by name.</summary>
    public bool Automatic { get; init; } = true;

    /// <summary>The lowest number is tried first.</summary>
    public int Priority { get; init; }

    /// <summary>Services that may have from it.</summary>
    public Selector Services { get; init; } = Selector.Everything;

    /// <summary>Kubernetes namespaces that may have from it. Nothing: all.</summary>
    public Items<string> Namespaces { get; init; }

    /// <summary>Labels of such namespaces.</summary>
    public Selector NamespaceLabels { get; init; } = Selector.Everything;

    /// <summary>Never the first and last address of an IPv4 /24: some devices drop them.</summary>
    public bool AvoidBuggy { get; init; }

    public PoolOrder Order { get; init; }

    /// <summary>How the vips made from it behave.</summary>
    public VipTemplate Vip { get; init; } = VipTemplate.Default;
}

/// <summary>A run of addresses, and the network they live in when it is wider.</summary>
public sealed record PoolRange(AddressRange Range, int? SubnetLength);

/// <summary>What vips made from a pool are like.</summary>
public sealed record VipTemplate
{
    public static VipTemplate Default { get; } = new();

    public Vips.VipPlace On { get; init; } = new Vips.OnMatchingInterface();

    public Vips.ActiveOn Active { get; init; }

    public TimeSpan? Lifetime { get; init; } = Vips.Vip.DefaultLifetime;
}
