namespace Fulcrum.Model.Services;

/// <summary>What carries the packets.</summary>
public enum PlaneKind
{
    /// <summary>The first capable and working plane; the choice is recorded and explained.</summary>
    Auto,
    Xdp,
    Tc,
    Ipvs,
    Proxy,
}
