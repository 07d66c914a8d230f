namespace Fulcrum.Proxy.Carrying;

/// <summary>Whose datagrams go over a connection.</summary>
internal interface ICarried
{
    /// <summary>The connection is there.</summary>
    void OnConnected();

    /// <summary>It was not made, or not in time.</summary>
    void OnConnectFailed();

    /// <summary>The pause before another is over.</summary>
    void OnPaused();

    /// <summary>It has ended.</summary>
    /// <param name="isBroken">It was not ended in peace.</param>
    void OnEnded(bool isBroken);

    /// <summary>Datagrams of so many bytes have gone.</summary>
    void OnSent(int bytes);

    /// <summary>A datagram has come. False: the connection is not wanted any more.</summary>
    bool OnReceived(ReadOnlySpan<byte> datagram);

    /// <summary>A datagram has come that cannot be told.</summary>
    void OnLost();

    /// <summary>Something is wrong with the connection that nobody thought of.</summary>
    void OnFault();
}
