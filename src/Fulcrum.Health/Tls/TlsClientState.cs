namespace Fulcrum.Health.Tls;

internal enum TlsClientState
{
    Handshaking,
    Open,

    /// <summary>The server has closed.</summary>
    Ended,

    /// <summary>See <see cref="TlsClient.Failure"/>.</summary>
    Failed,
}
