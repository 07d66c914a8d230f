using System.Net;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Model.Hosts;

/// <summary>
/// One machine's address, in however many upstreams. Nobody writes hosts down: they are what the backends of a
/// snapshot have in common, and what an operator takes out of service as one.
/// </summary>
public sealed record Host(IPAddress Address)
{
    public override string ToString() => $"host/{Address}";

    /// <summary>Every membership of this machine, by upstream. Backends that are names are not known by their address.</summary>
    public IEnumerable<(Upstream Upstream, Backend Backend)> MembershipsIn(Snapshot snapshot) =>
        from upstream in snapshot.Upstreams
        from backend in upstream.Backends
        where Address.Equals(backend.Address.Ip)
        select (upstream, backend);
}
