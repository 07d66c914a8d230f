using Fulcrum.Linux.Bpf.Programs;

namespace Fulcrum.Forwarding.Xdp.Placing;

/// <summary>Where the program stands at an interface. It stays there without any process.</summary>
internal abstract class Place : IDisposable
{
    /// <summary>The interface; 0: it went, and the program with it.</summary>
    public abstract int Interface { get; }

    /// <summary>From the next packet on it is this program.</summary>
    /// <exception cref="Linux.LinuxException"/>
    public abstract Task ReplaceAsync(BpfProgram program);

    /// <summary>Nothing stands there any more; also if the interface went before.</summary>
    public abstract Task DetachAsync();

    /// <summary>Leaves the program where it is.</summary>
    public abstract void Dispose();
}
