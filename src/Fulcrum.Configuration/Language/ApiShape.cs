using Fulcrum.Configuration.Shapes;
using Fulcrum.Model;
using Fulcrum.Model.Access;

namespace Fulcrum.Configuration.Language;

/// <summary>The control API: where it listens, and who may do what.</summary>
internal static class ApiShape
{
    private static readonly ScalarShape<AccessRole> Role = Words.Of<AccessRole>();

    private static readonly Shape<ApiTls> Tls = new ObjectShape<ApiTls>(
        "api-tls",
        "TLS of the control API. Changed files are read again without a restart.",
        new ApiTls(null!)
    )
        .Required(
            "certificate",
            TlsShapes.Certificate,
            tls => tls.Certificate,
            (tls, value) => tls with { Certificate = value },
            "What the API shows."
        )
        .Field(
            "client-authorities",
            Scalars.FilePath,
            tls => tls.ClientAuthorities,
            (tls, value) => tls with { ClientAuthorities = value },
            "Clients may show a certificate from one of these authorities (PEM)."
        );

    private static readonly Shape<ApiClient> Client = new ObjectShape<ApiClient>(
        "api-client",
        "What those may do whose certificate is for that name.",
        new ApiClient("", AccessRole.Reader)
    )
        .Field(
            "role",
            Role,
            client => client.Role,
            (client, value) => client with { Role = value },
            "The most they may."
        )
        .Field(
            "select",
            SelectorShape.Shape,
            client => client.Select,
            (client, value) => client with { Select = value },
            "They see and change only objects with these labels; left out: all."
        )
        .Or(Role, role => new ApiClient("", role), client => client.Role);

    private static readonly ObjectShape<ApiSocket> Socket = new ObjectShape<ApiSocket>(
        "api-socket",
        "Who but root and the daemon's own user may use the Unix socket.",
        ApiSocket.Default
    )
        .Field(
            "group",
            Scalars.Word,
            socket => socket.Group,
            (socket, value) => socket with { Group = value },
            "Users of this group of the system; left out: nobody."
        )
        .Field(
            "role",
            Role,
            socket => socket.Role,
            (socket, value) => socket with { Role = value },
            "The most they may."
        );

    public static ObjectShape<ApiSettings> Shape { get; } =
        new ObjectShape<ApiSettings>(
            "api",
            "Where the control API listens beside the Unix socket, and who may do what.",
            ApiSettings.Default
        )
            .Field(
                "listen",
                Networks.EndPoint.List(),
                api => api.Listen,
                (api, value) => api with { Listen = value },
                "Addresses and ports; left out: nowhere else. On loopback anybody may read, and changing wants a token or a certificate; elsewhere both want one, and TLS."
            )
            .Field(
                "tls",
                Tls,
                api => api.Tls,
                (api, value) => api with { Tls = value },
                "TLS on all of these addresses."
            )
            .Field(
                "tokens",
                Scalars.FilePath,
                api => api.Tokens,
                (api, value) => api with { Tokens = value },
                "The file that 'fulcrum token' keeps; left out: no token counts."
            )
            .Field(
                "clients",
                Client.Pairs(
                    Scalars.Word,
                    (name, client) => client with { Name = name },
                    client => client.Name,
                    client => client with { Name = "" }
                ),
                api => api.Clients,
                (api, value) => api with { Clients = value },
                "Names of clients' certificates (* stands for anything) and what they may do; the first that fits counts."
            )
            .Field(
                "socket",
                Socket,
                api => api.Socket,
                (api, value) => api with { Socket = value },
                "Who may use the Unix socket."
            )
            .Field(
                "rate",
                Scalars.PositiveCount,
                api => api.Rate,
                (api, value) => api with { Rate = value },
                "Requests a second that each caller may make over time; twice as many at once."
            );
}
