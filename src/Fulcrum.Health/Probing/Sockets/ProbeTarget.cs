using Fulcrum.Engine.Ports;
using Fulcrum.Linux;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Health.Probing.Sockets;

/// <summary>Where the probes of one task go, and as whom.</summary>
/// <param name="Source">Null: as the kernel chooses, or as <paramref name="Through"/> makes it.</param>
/// <param name="Mark">Leads it through a plane.</param>
/// <param name="Through">The backend that the mark leads to; null: it is asked directly.</param>
internal sealed record ProbeTarget(SocketAddress Address, SocketAddress? Source, int? Mark, SocketAddress? Through)
{
    /// <summary>Any; nothing is sent there.</summary>
    private const int DiscardPort = 9;

    public static ProbeTarget Of(ProbeTask task) =>
        new(
            task.Path is { } path ? SocketAddress.Unix(path) : SocketAddress.From(task.Address, task.Port),
            task.Source is { } source && task.Path is null ? SocketAddress.From(source, 0) : null,
            task.Mark,
            task is { Mark: not null, Through: { } through } ? SocketAddress.From(through, DiscardPort) : null
        );

    /// <summary>A new socket towards it, bound and marked, not yet connected; or a negative errno.</summary>
    public int Open(SocketKind kind)
    {
        var source = Source;
        if (source is null && Through is { } backend)
        {
            var chosen = SourceTowards(backend, out var own);
            if (chosen < 0)
            {
                return chosen;
            }

            source = own;
        }

        var descriptor = SocketCalls.Open(Address.Family, kind);
        if (descriptor < 0)
        {
            return descriptor;
        }

        var result = Mark is { } mark ? SocketCalls.Set(descriptor, SocketOption.Mark, mark) : 0;
        result = result >= 0 && source is { } address ? SocketCalls.Bind(descriptor, address) : result;
        if (result < 0)
        {
            _ = SocketCalls.Close(descriptor);
            return result;
        }

        return descriptor;
    }

    // No route to the backend tells a source of the vip's family.
    private bool IsToOtherFamily => Through is { } backend && backend.Family != Address.Family;

    /// <summary>What it says that there is no socket.</summary>
    public ProbeResult Judge(Errno refusal) =>
        refusal == Errno.NotPermitted && Mark is not null ? ProbeResult.Unclear("firewall mark needs CAP_NET_ADMIN")
        : refusal == Errno.AddressNotAvailable && Source is null && IsToOtherFamily
            ? ProbeResult.Unclear("the backend is of another family than the vip: the check needs 'source'")
        : SocketErrors.Judge(refusal);

    // The vip is an address of this machine, so the kernel would choose the vip itself as the source of what goes there,
    // and the backend would have a packet from its own address. What it chooses towards the backend is right; a datagram
    // socket that is connected tells it, and sends nothing. Routes may change, so it is asked each time.
    private int SourceTowards(in SocketAddress backend, out SocketAddress source)
    {
        source = default;
        if (IsToOtherFamily)
        {
            return -(int)Errno.AddressNotAvailable;
        }

        var descriptor = SocketCalls.Open(backend.Family, SocketKind.Datagram);
        if (descriptor < 0)
        {
            return descriptor;
        }

        var result = SocketCalls.Connect(descriptor, backend);
        result = result >= 0 ? SocketCalls.LocalAddress(descriptor, out source) : result;
        source = source.WithPort(0);
        _ = SocketCalls.Close(descriptor);
        return result;
    }
}
