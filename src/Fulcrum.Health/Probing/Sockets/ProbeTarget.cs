using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Health.Probing.Sockets;

/// <summary>Where the probes of one task go, and as whom.</summary>
internal sealed record ProbeTarget(SocketAddress Address, SocketAddress? Source, int? Mark)
{
    public static ProbeTarget Of(ProbeTask task) =>
        new(
            task.Path is { } path ? SocketAddress.Unix(path) : SocketAddress.From(task.Address, task.Port),
            task.Source is { } source && task.Path is null ? SocketAddress.From(source, 0) : null,
            task.Mark
        );

    /// <summary>A new socket towards it, bound and marked, not yet connected; or a negative errno.</summary>
    public int Open(SocketKind kind)
    {
        var descriptor = SocketCalls.Open(Address.Family, kind);
        if (descriptor < 0)
        {
            return descriptor;
        }

        var result = Mark is { } mark ? SocketCalls.Set(descriptor, SocketOption.Mark, mark) : 0;
        result = result >= 0 && Source is { } source ? SocketCalls.Bind(descriptor, source) : result;
        if (result < 0)
        {
            _ = SocketCalls.Close(descriptor);
            return result;
        }

        return descriptor;
    }
}
