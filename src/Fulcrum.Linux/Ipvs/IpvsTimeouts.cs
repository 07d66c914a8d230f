namespace Fulcrum.Linux.Ipvs;

/// <summary>How long the kernel remembers connections that are silent, in whole seconds; zero leaves one as it is.</summary>
public readonly record struct IpvsTimeouts(TimeSpan Tcp, TimeSpan TcpFinished, TimeSpan Udp);

/// <summary>What the kernel's balancer is.</summary>
public readonly record struct IpvsInformation(Version Version, uint ConnectionTableSize);
