using System.Net;
using Fulcrum.Model.Access;
using Fulcrum.Model.Values;

namespace Fulcrum.Model;

/// <summary>Where the control API listens beside the Unix socket (nothing: nowhere else), and who may do what.</summary>
public sealed record ApiSettings
{
    public static ApiSettings Default { get; } = new();

    public Items<IPEndPoint> Listen { get; init; }

    /// <summary>Null: without, which only loopback may be.</summary>
    public ApiTls? Tls { get; init; }

    /// <summary>A file of tokens' hashes. Null: no token counts.</summary>
    public string? Tokens { get; init; }

    /// <summary>Of those who show a certificate; the first that fits counts.</summary>
    public Items<ApiClient> Clients { get; init; }

    public ApiSocket Socket { get; init; } = ApiSocket.Default;

    /// <summary>Requests a second that each caller may make over time.</summary>
    public int Rate { get; init; } = 50;
}
