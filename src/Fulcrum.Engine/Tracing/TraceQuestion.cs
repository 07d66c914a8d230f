using System.Net;
using Fulcrum.Engine.Admission;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tracing;

public enum TraceProtocol
{
    Tcp,
    Udp,

    /// <summary>A client that comes by a path.</summary>
    Unix,
}

/// <summary>A first packet, as the network would bring it.</summary>
public sealed record TraceQuestion(TraceProtocol Protocol, IPEndPoint Source, IPEndPoint Destination)
{
    /// <summary>Of the Unix socket that the client connects to; null: it comes over the network.</summary>
    public string? Path { get; init; }

    /// <summary>The TLS server name that the client sends; null: none.</summary>
    public string? ServerName { get; init; }

    /// <summary>The application protocols that it offers in TLS.</summary>
    public Items<string> Protocols { get; init; }

    /// <summary>Who comes by a path has no address and no port: to hashing algorithms such clients are all one.</summary>
    public static TraceQuestion By(string path) =>
        new(TraceProtocol.Unix, new(IPAddress.IPv6Any, 0), new(IPAddress.IPv6Any, 0)) { Path = path };

    internal AddressBits Client => AddressBits.Of(Source.Address);

    internal AddressBits Target => AddressBits.Of(Destination.Address);

    public override string ToString() =>
        Path is not null
            ? $"unix to {Path}"
            : $"{(Protocol == TraceProtocol.Tcp ? "tcp" : "udp")} from {Text(Client, Source)} to {Text(Target, Destination)}";

    // A v4-mapped address is written as the IPv4 address that it is.
    private static IPEndPoint Text(AddressBits address, IPEndPoint endPoint) =>
        address.IsIPv4 ? new(address.ToIPAddress(), endPoint.Port) : endPoint;
}
