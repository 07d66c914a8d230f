namespace Fulcrum.Model.Access;

/// <summary>What somebody may do; each may do what those before it may.</summary>
public enum AccessRole
{
    /// <summary>Look.</summary>
    Reader,

    /// <summary>Drain, enable, weigh, end a session: what the next deployment or repair needs.</summary>
    Operator,

    /// <summary>Change the configuration.</summary>
    Admin,
}
