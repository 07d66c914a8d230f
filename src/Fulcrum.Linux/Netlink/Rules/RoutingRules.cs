namespace Fulcrum.Linux.Netlink.Rules;

/// <summary>The rules that choose a routing table, IPv4 and IPv6. The kernel replaces none: delete one and add another.</summary>
public sealed class RoutingRules : NetlinkTable<RoutingRule>
{
    internal RoutingRules(NetlinkConnection connection, NetlinkOpening open)
        : base(connection, open, new RoutingRuleCodec()) { }
}
