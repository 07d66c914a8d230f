namespace Fulcrum.Bench.Traffic;

/// <summary>
/// The sockets that all proxies are configured to send to; which load serves them at the moment is the benchmark's
/// affair, so that one configuration does for all rows.
/// </summary>
internal sealed class Backends : IDisposable
{
    public Backends(uint host)
    {
        (Listener, Stream) = Native.Listen(host);
        (DatagramSocket, Datagrams) = Native.DatagramSocket(host);
    }

    public int Listener { get; }

    public Address Stream { get; }

    public int DatagramSocket { get; }

    public Address Datagrams { get; }

    public void Dispose()
    {
        _ = Native.Close(Listener);
        _ = Native.Close(DatagramSocket);
    }
}
