namespace Fulcrum.Bench.Live;

/// <summary>Who carries frames from one card to another.</summary>
internal enum Carrier
{
    /// <summary>The driver alone: the least that any program there can cost.</summary>
    Redirect,

    /// <summary>The balancer in the driver.</summary>
    Driver,

    /// <summary>The balancer at the hook of traffic control.</summary>
    TrafficControl,

    /// <summary>The kernel, which routes.</summary>
    Kernel,

    /// <summary>The kernel, which routes, knows connections and changes their destination.</summary>
    Nft,
}
