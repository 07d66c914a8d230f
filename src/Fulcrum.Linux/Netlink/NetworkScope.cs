namespace Fulcrum.Linux.Netlink;

/// <summary>How far away something is (RT_SCOPE_*). IPv6 has it of addresses only.</summary>
public enum NetworkScope : byte
{
    Universe = 0,
    Site = 200,
    Link = 253,
    Host = 254,
    Nowhere = 255,
}
