namespace Fulcrum.Forwarding.Offload.Tables;

[Flags]
internal enum TurnFlags : uint
{
    None = 0,

    /// <summary>It is for a socket of this machine.</summary>
    ToHere = 1,

    /// <summary>An address is one that is good on the loopback interface only.</summary>
    WithinLoopback = 2,
}
