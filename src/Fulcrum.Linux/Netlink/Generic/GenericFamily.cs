namespace Fulcrum.Linux.Netlink.Generic;

/// <summary>A family of generic netlink as the running kernel numbers it.</summary>
/// <param name="Groups">Names and numbers of its multicast groups.</param>
public sealed record GenericFamily(string Name, ushort Id, uint Version, IReadOnlyDictionary<string, uint> Groups);
