using Fulcrum.Model.Access;
using Fulcrum.Model.Values;

namespace Fulcrum.Api.Access.Tokens;

/// <summary>What is kept of a token: everything but the token.</summary>
public sealed record ApiToken
{
    public required string Name { get; init; }

    public required AccessRole Role { get; init; }

    /// <summary>It sees and changes only objects with such labels.</summary>
    public Selector Scope { get; init; } = Selector.Everything;

    public required DateTimeOffset Created { get; init; }

    /// <summary>Null: it counts until it is revoked.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>See <see cref="TokenSecret"/>; 64 hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    public bool HasExpired(DateTimeOffset now) => Expires <= now;
}
