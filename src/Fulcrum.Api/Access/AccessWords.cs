using Fulcrum.Model.Access;

namespace Fulcrum.Api.Access;

/// <summary>Roles as they are written.</summary>
public static class AccessWords
{
    public const string Roles = "reader, operator or admin";

    public static string Of(AccessRole role) =>
        role switch
        {
            AccessRole.Reader => "reader",
            AccessRole.Operator => "operator",
            _ => "admin",
        };

    /// <summary>Null: there is no such role.</summary>
    public static AccessRole? Role(string word) =>
        word switch
        {
            "reader" => AccessRole.Reader,
            "operator" => AccessRole.Operator,
            "admin" => AccessRole.Admin,
            _ => null,
        };

    /// <summary>With its article: <c>an operator</c>.</summary>
    internal static string Somebody(AccessRole role) => (role == AccessRole.Reader ? "a " : "an ") + Of(role);
}
