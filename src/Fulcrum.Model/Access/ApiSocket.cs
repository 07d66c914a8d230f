namespace Fulcrum.Model.Access;

/// <summary>Who but root and the daemon's own user may use the Unix socket.</summary>
public sealed record ApiSocket
{
    public static ApiSocket Default { get; } = new();

    /// <summary>A group of the system. Null: nobody.</summary>
    public string? Group { get; init; }

    public AccessRole Role { get; init; } = AccessRole.Operator;
}
