namespace Fulcrum.Packet.Tests.Kit;

/// <summary>Where the program runs: every test of what it does to a packet runs at both.</summary>
public enum Hook
{
    Driver,
    TrafficControl,
}
