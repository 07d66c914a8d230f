namespace Fulcrum.Model.Services;

public enum Permission
{
    Reader,
    Operator,
    Admin,
}

/// <summary>A user or a group of users that may act on one service.</summary>
public sealed record Grant(string Who, bool IsGroup, Permission Permission);
