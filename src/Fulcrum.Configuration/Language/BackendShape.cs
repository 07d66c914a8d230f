using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Configuration.Language;

internal static class BackendShape
{
    public static Shape<Backend> Shape { get; } =
        new ObjectShape<Backend>("backend", "One member of an upstream.", new Backend { Address = null! })
            .Required(
                "address",
                HostPort.Shape,
                backend => new HostPort(backend.Address, backend.Port),
                Place,
                "Address or name with its port; without a port: the one that the client used."
            )
            .Field(
                "name",
                Scalars.Name,
                backend => backend.Name,
                (backend, value) => backend with { Name = value },
                "What people call it; unique within its upstream."
            )
            .Field(
                "weight",
                Scalars.Integer(0, 65535),
                backend => backend.Weight,
                (backend, value) => backend with { Weight = value },
                "Its share; 0 gets no new connections."
            )
            .Field(
                "priority",
                Scalars.Count,
                backend => backend.Priority,
                (backend, value) => backend with { Priority = value },
                "The lowest number is served first; the next joins when too few of it are healthy."
            )
            .Optional(
                "max-connections",
                Scalars.PositiveCount,
                backend => backend.MaxConnections,
                (backend, value) => backend with { MaxConnections = value },
                "Concurrent connections at most."
            )
            .Optional(
                "resume-connections",
                Scalars.Count,
                backend => backend.ResumeConnections,
                (backend, value) => backend with { ResumeConnections = value },
                "Once full, it gets connections again below this many."
            )
            .Field(
                "status",
                Words.Of<BackendStatus>(),
                backend => backend.Status,
                (backend, value) => backend with { Status = value },
                "disabled: no traffic, but counted in watermarks; planned: counted nowhere."
            )
            .Field(
                "state",
                Words.Of<BackendState>(),
                backend => backend.State,
                (backend, value) => backend with { State = value },
                "What its source says of it."
            )
            .Field(
                "sni",
                Patterns.Text,
                backend => backend.Sni,
                (backend, value) => backend with { Sni = value },
                "TLS server names that it is meant for."
            )
            .Field(
                "labels",
                Maps.Labels,
                backend => backend.Labels,
                (backend, value) => backend with { Labels = value },
                "Keys and values of your own."
            )
            .Field(
                "node",
                Scalars.Name,
                backend => backend.Node,
                (backend, value) => backend with { Node = value },
                "The machine or cluster node it runs on."
            )
            .Field(
                "connect",
                ConnectShape.Shape,
                backend => backend.Connect,
                (backend, value) => backend with { Connect = value },
                "Overrides what the upstream says."
            )
            .Or(HostPort.Shape, place => Place(null, place), backend => new HostPort(backend.Address, backend.Port));

    private static Backend Place(Backend? backend, HostPort place) =>
        backend is null
            ? new() { Address = place.Host, Port = place.Port }
            : backend with
            {
                Address = place.Host,
                Port = place.Port,
            };
}
