using Fulcrum.Engine.Admission;

namespace Fulcrum.Engine.Routing;

/// <summary>What routes ask of a session, without having to be made into text first.</summary>
public readonly ref struct SessionFacts
{
    /// <summary>Null: it has no IP address.</summary>
    public AddressBits? Source { get; init; }

    public int SourcePort { get; init; }

    /// <summary>The address that the client connected to; null: it is not known, or there is none.</summary>
    public AddressBits? Destination { get; init; }

    /// <summary>The port that the client connected to; 0: there are none.</summary>
    public int Port { get; init; }

    /// <summary>The TLS server name in lower case; empty: the client sent none, or does not speak TLS.</summary>
    public ReadOnlySpan<char> ServerName { get; init; }

    /// <summary>The protocols that the client offers as TLS lists them: each with its length before it.</summary>
    public ReadOnlySpan<byte> Protocols { get; init; }

    /// <summary>Needed where the routes ask for fields or rewrite them.</summary>
    public Metadata? Metadata { get; init; }
}
