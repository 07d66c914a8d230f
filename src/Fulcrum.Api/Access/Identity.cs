using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Access;

/// <summary>Who somebody is, or why they are not let in.</summary>
internal sealed record Identity
{
    /// <summary>Null: they are not let in.</summary>
    public Caller? Caller { get; init; }

    /// <summary>They said who they are, and it is so.</summary>
    public bool IsKnown { get; init; }

    /// <summary>Root and the daemon's own user are never asked to wait: they are who repairs it.</summary>
    public bool IsOwner { get; init; }

    /// <summary>401: who they are would have to be known; 403: it is known, and is not enough.</summary>
    public int Status { get; init; } = StatusCodes.Status401Unauthorized;

    public string Why { get; init; } = "";

    public static Identity Of(Caller caller) => new() { Caller = caller, IsKnown = true };

    public static Identity Nobody(string why) => new() { Why = why };

    public static Identity Forbidden(string why) => new() { Status = StatusCodes.Status403Forbidden, Why = why };
}
