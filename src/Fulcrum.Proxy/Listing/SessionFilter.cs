using Fulcrum.Engine.Admission;
using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Listing;

/// <summary>A query in the form in which a loop asks it of each session: nothing is allocated.</summary>
internal sealed class SessionFilter
{
    private readonly SessionQuery _query;
    private readonly AddressBits _network;
    private readonly int _bits;

    public SessionFilter(SessionQuery query)
    {
        _query = query;
        if (query.Client is { } client)
        {
            _bits = AddressBits.LengthOf(client);
            _network = AddressBits.Of(client.BaseAddress).Leading(_bits);
        }
    }

    public bool Admits(in SessionSight sight)
    {
        var service = sight.Plan.Service.Name;
        return (_query.Service is null || _query.Service == service)
            && (_query.Upstream is null || sight.Backend?.Key.Upstream == _query.Upstream)
            && (_query.Backend is null || IsBackend(sight.Backend, _query.Backend))
            && (_query.Client is null || IsClient(sight.Client))
            && (_query.Services is null || _query.Services.Contains(service));
    }

    private static bool IsBackend(ServiceBackend? backend, string name)
    {
        if (backend is null)
        {
            return false;
        }
        var (upstream, id) = (backend.Key.Upstream, backend.Key.Id);
        return name.Length == upstream.Length + 1 + id.Length
            && name[upstream.Length] == '/'
            && name.StartsWith(upstream, StringComparison.Ordinal)
            && name.EndsWith(id, StringComparison.Ordinal);
    }

    private bool IsClient(in SocketAddress client) =>
        client.Family != SocketFamily.Unix && client.ToBits().Leading(_bits) == _network;
}
