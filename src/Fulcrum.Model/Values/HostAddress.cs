using System.Net;

namespace Fulcrum.Model.Values;

/// <summary>Where a machine is: an IP address, or a name that is resolved at run time. Exactly one is set.</summary>
public sealed record HostAddress
{
    private HostAddress(IPAddress? ip, string? name)
    {
        Ip = ip;
        Name = name;
    }

    public IPAddress? Ip { get; }

    public string? Name { get; }

    public static HostAddress Of(IPAddress ip) => new(ip, null);

    public static HostAddress Of(string name) => new(null, name);

    /// <summary>The name is the path of a Unix socket.</summary>
    public bool IsPath => Name is ['/', ..];

    public override string ToString() => Ip?.ToString() ?? Name!;
}
