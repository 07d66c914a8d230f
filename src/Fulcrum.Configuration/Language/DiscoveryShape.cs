using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Discovery;

namespace Fulcrum.Configuration.Language;

internal static class DiscoveryShape
{
    private static readonly ScalarShape<Uri> Web = Urls.Of("http", "https");

    private static readonly Shape<DnsDiscovery> Dns = new ObjectShape<DnsDiscovery>(
        "dns-discovery",
        "Names in the DNS.",
        new DnsDiscovery { Name = null! }
    )
        .Required("name", Networks.HostName, dns => dns.Name, (dns, value) => dns with { Name = value }, "The name.")
        .Field(
            "type",
            Words.Of<DnsRecordType>(),
            dns => dns.Type,
            (dns, value) => dns with { Type = value },
            "auto: SRV for names that begin with an underscore, else addresses."
        )
        .Field(
            "server",
            HostPort.Text,
            dns => dns.Server,
            (dns, value) => dns with { Server = value },
            "Who is asked; left out: the system's resolvers."
        )
        .Field(
            "over-tcp",
            Scalars.Boolean,
            dns => dns.OverTcp,
            (dns, value) => dns with { OverTcp = value },
            "Over TCP instead of UDP."
        )
        .Optional(
            "port",
            Scalars.Port,
            dns => dns.Port,
            (dns, value) => dns with { Port = value },
            "For address records, which tell none."
        )
        .Or(Networks.HostName, name => new DnsDiscovery { Name = name }, dns => dns.Name);

    private static readonly Shape<JsonDiscovery> Json = new ObjectShape<JsonDiscovery>(
        "json-discovery",
        "A JSON array over HTTP.",
        new JsonDiscovery { Url = null! }
    )
        .Required("url", Web, json => json.Url, (json, value) => json with { Url = value }, "Where it is.")
        .Field(
            "fields",
            Maps.Labels,
            json => json.Fields,
            (json, value) => json with { Fields = value },
            "Where in each element the backend's fields are found."
        )
        .Or(Web, url => new JsonDiscovery { Url = url }, json => json.Url);

    private static readonly Shape<PlaintextDiscovery> Plaintext = new ObjectShape<PlaintextDiscovery>(
        "plaintext-discovery",
        "Lines over HTTP.",
        new PlaintextDiscovery { Url = null! }
    )
        .Required("url", Web, plain => plain.Url, (plain, value) => plain with { Url = value }, "Where they are.")
        .Field(
            "expression",
            Patterns.Expression,
            plain => plain.Expression,
            (plain, value) => plain with { Expression = value },
            "Takes a line apart by named groups."
        )
        .Or(Web, url => new PlaintextDiscovery { Url = url }, plain => plain.Url);

    private static readonly Shape<ConsulDiscovery> Consul = new ObjectShape<ConsulDiscovery>(
        "consul-discovery",
        "A service in Consul.",
        new ConsulDiscovery { Url = null!, Service = null! }
    )
        .Required("url", Web, consul => consul.Url, (consul, value) => consul with { Url = value }, "Consul's agent.")
        .Required(
            "service",
            Scalars.Word,
            consul => consul.Service,
            (consul, value) => consul with { Service = value },
            "The service's name there."
        )
        .Field(
            "tag",
            Scalars.Word,
            consul => consul.Tag,
            (consul, value) => consul with { Tag = value },
            "Only instances with this tag."
        )
        .Field(
            "datacenter",
            Scalars.Word,
            consul => consul.Datacenter,
            (consul, value) => consul with { Datacenter = value },
            "Another data centre than the agent's."
        )
        .Field(
            "passing-only",
            Scalars.Boolean,
            consul => consul.PassingOnly,
            (consul, value) => consul with { PassingOnly = value },
            "Only instances whose checks pass."
        )
        .Field(
            "token",
            SecretShape.Shape,
            consul => consul.Token,
            (consul, value) => consul with { Token = value },
            "Its access token."
        )
        .Field(
            "tls",
            TlsShapes.Connection,
            consul => consul.Tls,
            (consul, value) => consul with { Tls = value },
            "How the agent is verified."
        );

    private static readonly Shape<DockerDiscovery> Docker = new ObjectShape<DockerDiscovery>(
        "docker-discovery",
        "Containers.",
        new DockerDiscovery { Url = null!, Port = 0 }
    )
        .Required(
            "url",
            Urls.Of("unix", "http", "https"),
            docker => docker.Url,
            (docker, value) => docker with { Url = value },
            "The engine: unix:///var/run/docker.sock."
        )
        .Field(
            "labels",
            SelectorShape.Shape,
            docker => docker.Labels,
            (docker, value) => docker with { Labels = value },
            "Only containers whose labels match."
        )
        .Required(
            "port",
            Scalars.Port,
            docker => docker.Port,
            (docker, value) => docker with { Port = value },
            "The container's port."
        );

    private static readonly Shape<EtcdDiscovery> Etcd = new ObjectShape<EtcdDiscovery>(
        "etcd-discovery",
        "Keys in etcd.",
        new EtcdDiscovery { Url = null!, Prefix = null! }
    )
        .Required("url", Web, etcd => etcd.Url, (etcd, value) => etcd with { Url = value }, "Its gateway.")
        .Required(
            "prefix",
            Scalars.Word,
            etcd => etcd.Prefix,
            (etcd, value) => etcd with { Prefix = value },
            "What the keys begin with."
        )
        .Field(
            "tls",
            TlsShapes.Connection,
            etcd => etcd.Tls,
            (etcd, value) => etcd with { Tls = value },
            "How it is verified."
        );

    public static Shape<DiscoverySpec> Shape { get; } =
        new ObjectShape<DiscoverySpec>(
            "discover",
            "Where backends are found at run time.",
            new DiscoverySpec { Source = null! }
        )
            .Case(
                "dns",
                Dns,
                spec => spec.Source as DnsDiscovery,
                From,
                "Addresses or SRV records; a name alone is short for { name: ... }."
            )
            .Case("json", Json, spec => spec.Source as JsonDiscovery, From, "A JSON array over HTTP.")
            .Case("plaintext", Plaintext, spec => spec.Source as PlaintextDiscovery, From, "Lines over HTTP.")
            .Case(
                "exec",
                Scalars.Text.Some().To(command => new ExecDiscovery(command), exec => exec.Command),
                spec => spec.Source as ExecDiscovery,
                From,
                "Lines that a program prints: the program and its arguments, no shell."
            )
            .Case("consul", Consul, spec => spec.Source as ConsulDiscovery, From, "A service in Consul.")
            .Case("docker", Docker, spec => spec.Source as DockerDiscovery, From, "Containers.")
            .Case("etcd", Etcd, spec => spec.Source as EtcdDiscovery, From, "Keys in etcd.")
            .Field(
                "interval",
                Quantities.Duration,
                spec => spec.Interval,
                (spec, value) => spec with { Interval = value },
                "Between two looks; 0: once, at start."
            )
            .Field(
                "timeout",
                Quantities.PositiveDuration,
                spec => spec.Timeout,
                (spec, value) => spec with { Timeout = value },
                "One look takes at most this long."
            )
            .Field(
                "on-failure",
                Words.Of<DiscoveryFailure>(),
                spec => spec.OnFailure,
                (spec, value) => spec with { OnFailure = value },
                "What was known stays (keep), or is forgotten (empty)."
            )
            .Field(
                "minimum",
                Scalars.Count,
                spec => spec.Minimum,
                (spec, value) => spec with { Minimum = value },
                "An answer with fewer counts as a failure."
            );

    private static DiscoverySpec From(DiscoverySpec spec, DiscoverySource source) => spec with { Source = source };
}
