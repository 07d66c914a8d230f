namespace Fulcrum.TestKit.Namespaces;

/// <summary>VIRTIO_NET_HDR_GSO_*: segments that are many in one.</summary>
public enum TapSegments : byte
{
    None = 0,
    TcpIPv4 = 1,
    TcpIPv6 = 4,
    Udp = 5,
}
