namespace Fulcrum.Architecture.Tests;

/// <summary>The layers of the design: a project references only projects with a smaller number.</summary>
internal static class Layers
{
    public static IReadOnlyDictionary<string, int> All { get; } =
        new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["Fulcrum.Model"] = 0,
            ["Fulcrum.Protocols"] = 0,
            ["Fulcrum.Balancing"] = 1,
            ["Fulcrum.Allocation"] = 1,
            ["Fulcrum.Configuration"] = 1,
            ["Fulcrum.Linux"] = 1,
            ["Fulcrum.Tls"] = 1,
            ["Fulcrum.Engine"] = 2,
            ["Fulcrum.Loops"] = 2,
            ["Fulcrum.Health"] = 3,
            ["Fulcrum.Forwarding"] = 3,
            ["Fulcrum.Proxy"] = 3,
            ["Fulcrum.Announcing"] = 3,
            ["Fulcrum.Discovery"] = 3,
            ["Fulcrum.Notifying"] = 3,
            ["Fulcrum.Acme"] = 3,
            ["Fulcrum.Kubernetes"] = 3,
            ["Fulcrum.Api"] = 4,
            ["Fulcrum"] = 5,
        };

    /// <summary>Libraries that only the named projects may know.</summary>
    public static IReadOnlyDictionary<string, string[]> Owners { get; } =
        new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["OpenTelemetry"] = ["Fulcrum"],
            ["System.CommandLine"] = ["Fulcrum"],
            ["YamlDotNet"] = ["Fulcrum.Configuration"],
            ["Microsoft.AspNetCore"] = ["Fulcrum.Api", "Fulcrum"],
        };

    /// <summary>The native libraries that a project may call.</summary>
    public static IReadOnlyDictionary<string, string[]> NativeOwners { get; } =
        new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["Fulcrum.Linux"] = ["libc"],
            ["Fulcrum.Tls"] = ["libssl.so.3", "libcrypto.so.3"],
        };

    /// <summary>Projects without a test project of their own name, and why.</summary>
    public static IReadOnlyDictionary<string, string> Untested { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
}
