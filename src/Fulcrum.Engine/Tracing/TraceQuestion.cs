using System.Net;
using Fulcrum.Engine.Admission;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tracing;

public enum TraceProtocol
{
    Tcp,
    Udp,
}

/// <summary>A first packet, as the network would bring it.</summary>
public sealed record TraceQuestion(TraceProtocol Protocol, IPEndPoint Source, IPEndPoint Destination)
{
    /// <summary>The TLS server name that the client sends; null: none.</summary>
    public string? ServerName { get; init; }

    /// <summary>The application protocols that it offers in TLS.</summary>
    public Items<string> Protocols { get; init; }

    internal AddressBits Client => AddressBits.Of(Source.Address);

    internal AddressBits Target => AddressBits.Of(Destination.Address);

    public override string ToString() =>
        $"{(Protocol == TraceProtocol.Tcp ? "tcp" : "udp")} from {Text(Client, Source)} to {Text(Target, Destination)}";

    // A v4-mapped address is written as the IPv4 address that it is.
    private static IPEndPoint Text(AddressBits address, IPEndPoint endPoint) =>
        address.IsIPv4 ? new(address.ToIPAddress(), endPoint.Port) : endPoint;
}
