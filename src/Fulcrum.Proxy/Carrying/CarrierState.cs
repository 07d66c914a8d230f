namespace Fulcrum.Proxy.Carrying;

/// <summary>How far a connection that carries datagrams has come.</summary>
internal enum CarrierState
{
    /// <summary>There is none.</summary>
    Idle,

    /// <summary>One was not made, and another will be tried.</summary>
    Pausing,

    Connecting,

    Open,

    /// <summary>It does not go on; who has it will be told in this turn.</summary>
    Broken,
}
