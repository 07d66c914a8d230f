namespace Fulcrum.Proxy.Stages;

internal enum StageDirection
{
    /// <summary>From the client to the backend.</summary>
    Ingress,

    /// <summary>From the backend to the client.</summary>
    Egress,
}
