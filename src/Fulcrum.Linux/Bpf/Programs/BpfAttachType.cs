namespace Fulcrum.Linux.Bpf.Programs;

/// <summary>BPF_* of enum bpf_attach_type, those that are used here.</summary>
public enum BpfAttachType : uint
{
    None = 0,
    ConnectIPv4 = 10,
    ConnectIPv6 = 11,
    PeerNameIPv4 = 29,
    PeerNameIPv6 = 30,
    SocketLookup = 36,
    Xdp = 37,
    SocketReuse = 39,
    TcxIngress = 46,
    TcxEgress = 47,
}
