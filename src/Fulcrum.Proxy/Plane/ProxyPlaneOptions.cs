using Fulcrum.Engine.Ports;
using Fulcrum.Loops;

namespace Fulcrum.Proxy.Plane;

/// <summary>How the user-space plane is built.</summary>
public sealed record ProxyPlaneOptions
{
    /// <summary>How many event loops: best one for each core.</summary>
    public int Loops { get; init; } = Environment.ProcessorCount;

    public LoopOptions Loop { get; init; } = new();

    /// <summary>Connections that may wait to be accepted, for each listener and loop.</summary>
    public int Backlog { get; init; } = 4096;

    /// <summary>
    /// Bind addresses that the machine does not have yet. A vip is raised only after its services are programmed, so
    /// its listeners are always earlier than its address.
    /// </summary>
    public bool FreeBind { get; init; } = true;

    /// <summary>Sockets that are there already; the plane does not close those that no listener takes.</summary>
    public InheritedSockets? Inherited { get; init; }

    /// <summary>
    /// Lets nobody in before <see cref="ProxyPlane.BeginAsync"/>, and tells inherited sockets nothing: somebody else may go
    /// on with them.
    /// </summary>
    public bool IsHeld { get; init; }

    /// <summary>What is shown to authorities that ask whether a name is ours; null: they learn nothing.</summary>
    public IAcmeChallenges? Challenges { get; init; }

    /// <summary>Tells how it stands with certificates that are got by ACME; null: there are none.</summary>
    public IAcmeReader? Acme { get; init; }

    /// <summary>Where the certificate of a name is, or will be, that is got by ACME; null: there are none.</summary>
    public Func<string, string>? AcmeFileOf { get; init; }

    /// <summary>Carries sessions of datagrams in the kernel, and outlives the plane; null: nobody does.</summary>
    public IDatagramOffload? Offload { get; init; }

    /// <summary>Leads clients of wide listeners to their sockets, and outlives the plane; null: nobody does.</summary>
    public IWideListeners? Wide { get; init; }

    /// <summary>Whose its metrics are; see <see cref="System.Diagnostics.Metrics.MeterOptions.Scope"/>.</summary>
    public object? MeterScope { get; init; }

    /// <summary>For access logs that go to standard error; not ours to close.</summary>
    public Stream StandardError { get; init; } = Stream.Null;

    /// <summary>Bytes of a UDP listener's receive buffer, on each loop; the kernel caps it.</summary>
    public int UdpReceiveBuffer { get; init; } = 4 * 1024 * 1024;
}
