using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;

namespace Fulcrum.Health.Probing;

/// <summary>What is said on a connection once it stands. One instance for each probe.</summary>
internal abstract class ProbeConversation
{
    /// <summary>Writes and reads as far as the socket lets it; called again on each edge. Null: not finished.</summary>
    /// <param name="descriptor">Connected and non-blocking.</param>
    /// <param name="scratch">Free for the time of the call.</param>
    public abstract ProbeResult? Go(int descriptor, byte[] scratch);

    /// <exception cref="NotSupportedException">No conversation is known for this kind of probe.</exception>
    public static ProbeConversation For(ProbeTask task) =>
        task.Probe switch
        {
            TcpProbe => TcpConversation.Instance,
            HttpProbe http => new HttpConversation(http, task.Address, task.Port),
            var other => throw new NotSupportedException($"{other.Kind} checks cannot be carried out"),
        };
}

/// <summary>Connecting is all that is asked.</summary>
internal sealed class TcpConversation : ProbeConversation
{
    public static TcpConversation Instance { get; } = new();

    public override ProbeResult Go(int descriptor, byte[] scratch) => ProbeResult.Healthy;
}
