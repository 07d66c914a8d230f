namespace Fulcrum.Commands;

/// <summary>Who types.</summary>
internal static class Person
{
    /// <summary>The user behind sudo, else the user.</summary>
    public static string Name =>
        Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } user ? user : Environment.UserName;
}
