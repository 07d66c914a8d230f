using System.Net;
using Fulcrum.Engine.Ports;

namespace Fulcrum.Engine.Tracing;

/// <summary>A backend that would get it.</summary>
public sealed record TracedBackend
{
    public required string Id { get; init; }

    public required string Address { get; init; }

    /// <summary>The port that the client used, when the backend has none of its own.</summary>
    public required int Port { get; init; }

    public required BackendDuty Duty { get; init; }

    public required int Weight { get; init; }

    /// <summary>0..1: its part of the clients of which nothing else is known.</summary>
    public required double Share { get; init; }

    /// <summary>Others are asked while it has so many connections.</summary>
    public int? MaxConnections { get; init; }

    public override string ToString()
    {
        var place = Address.StartsWith('/') ? Address : new IPEndPoint(IPAddress.Parse(Address), Port).ToString();
        return Id == place ? place : $"{Id} at {place}";
    }
}
