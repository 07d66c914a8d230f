namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>What a header says. Its spans lie in the bytes that were read.</summary>
public readonly ref struct ProxyHeader
{
    /// <summary>1 for the line of text, 2 for the binary form.</summary>
    public required int Version { get; init; }

    /// <summary>Bytes of the header; the connection's own begin after them.</summary>
    public required int Length { get; init; }

    public required ProxyCommand Command { get; init; }

    public ProxyFamily Family { get; init; }

    public ProxyTransport Transport { get; init; }

    /// <summary>Who speaks; a default for anything but IP.</summary>
    public ProxyAddress Source { get; init; }

    /// <summary>Whom he spoke to.</summary>
    public ProxyAddress Destination { get; init; }

    /// <summary>The path of a Unix socket; one that begins with NUL is a name in the abstract namespace (unix(7)).</summary>
    public ReadOnlySpan<byte> SourcePath { get; init; }

    public ReadOnlySpan<byte> DestinationPath { get; init; }

    public ProxyTlvs Tlvs { get; init; }

    /// <summary>Whether it tells end points that take the place of the real ones.</summary>
    public bool HasAddresses =>
        Command == ProxyCommand.Proxy && Family != ProxyFamily.Unspecified && Transport != ProxyTransport.Unspecified;
}
