using System.Net;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Linux;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Routes;
using Fulcrum.Linux.Netlink.Rules;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Forwarding.Vips;

/// <summary>
/// The routers that answers from vips leave by, on nodes with several uplinks: what comes in by one must not go out by
/// the other, which would take it for forged. Each such vip has two rules of routing (ip-rule(8)): for packets from it
/// the main table counts but for its default route, so that neighbors are reached as ever; and what is left goes by a
/// table that has nothing but the router. Ours are known by the number of their maker, and vips with the same router
/// share a table.
/// </summary>
internal sealed class ReturnPaths(Rtnetlink net)
{
    /// <summary>Behind what others have there, usually, and before the main table.</summary>
    private const uint NeighborsFirst = 28_000;
    private const uint ThenRouter = 28_001;

    /// <summary>"FUL" and a number.</summary>
    private const uint FirstTable = 0x46554C00;

    private readonly List<RoutingRule> _rules = [];
    private readonly Dictionary<uint, IReadOnlyList<NetworkRoute>> _tables = [];

    /// <summary>Vips that have one, whole or not.</summary>
    public IEnumerable<IPAddress> Keys => _rules.Select(rule => rule.From!.Value.BaseAddress).Distinct();

    /// <summary>Looks at what the kernel has.</summary>
    /// <exception cref="NetlinkException"/>
    public async Task TakeAsync(CancellationToken cancellation)
    {
        _rules.Clear();
        _tables.Clear();
        var rules = await net.Rules.ListAsync(cancellation);
        _rules.AddRange(rules.Where(rule => rule is { Protocol: OwnMarks.VipProtocol, From: not null }));
        foreach (var rule in _rules.Where(rule => rule.Priority == ThenRouter && !_tables.ContainsKey(rule.Table)))
        {
            _tables[rule.Table] = await net.Routes.ListAsync(rule.Family, rule.Table, cancellation);
        }
    }

    /// <summary>Answers from it leave as they should; without a router, as everything does.</summary>
    public bool IsWhole(IPAddress key, IPAddress? gateway) =>
        gateway is null
            ? !Keys.Contains(key)
            : RulesOf(key) is [{ Priority: NeighborsFirst }, { Priority: ThenRouter, Table: var table }]
                && Leads(table, gateway);

    /// <summary>Makes it so, if it is not.</summary>
    /// <param name="link">The vip's own interface.</param>
    /// <exception cref="AddressException">It cannot be had.</exception>
    public async Task SetAsync(IPAddress key, IPAddress? gateway, int link, CancellationToken cancellation)
    {
        if (IsWhole(key, gateway))
        {
            return;
        }

        try
        {
            await RemoveAsync(key, cancellation);
            if (gateway is not null)
            {
                await AddAsync(key, gateway, await LinkOfAsync(gateway, link, cancellation), cancellation);
            }
        }
        catch (NetlinkException error)
        {
            throw new AddressException($"answers from {key} cannot leave by {gateway}: {error.Reason}");
        }
    }

    /// <exception cref="NetlinkException"/>
    public async Task RemoveAsync(IPAddress key, CancellationToken cancellation)
    {
        foreach (var rule in RulesOf(key))
        {
            await UnlessGoneAsync(net.Rules.DeleteAsync(rule, cancellation));
            _rules.Remove(rule);
            if (rule.Priority == ThenRouter && !_rules.Exists(other => other.Table == rule.Table))
            {
                foreach (var route in _tables.GetValueOrDefault(rule.Table) ?? [])
                {
                    await UnlessGoneAsync(net.Routes.DeleteAsync(route, cancellation));
                }

                _tables.Remove(rule.Table);
            }
        }
    }

    private async Task AddAsync(IPAddress key, IPAddress gateway, int link, CancellationToken cancellation)
    {
        var family = gateway.GetAddressBytes().Length == 4 ? SocketFamily.IPv4 : SocketFamily.IPv6;
        var table = _tables.Keys.FirstOrDefault(table => Leads(table, gateway));
        if (table == 0)
        {
            table = FirstTable;
            while (_tables.ContainsKey(table))
            {
                table++;
            }

            var any = family == SocketFamily.IPv4 ? IPAddress.Any : IPAddress.IPv6Any;
            var route = new NetworkRoute
            {
                Destination = new(any, 0),
                Table = table,
                Protocol = OwnMarks.VipProtocol,
                NextHops = [new() { Gateway = gateway, Interface = link }],
            };
            await net.Routes.ReplaceAsync(route, cancellation);
            _tables[table] = [route];
        }

        var neighbors = new RoutingRule
        {
            Family = family,
            Priority = NeighborsFirst,
            From = new(key, key.GetAddressBytes().Length * 8),
            Table = RouteTable.Main,
            SuppressedPrefixLength = 0,
            Protocol = OwnMarks.VipProtocol,
        };
        var router = neighbors with { Priority = ThenRouter, Table = table, SuppressedPrefixLength = null };
        foreach (var rule in (RoutingRule[])[neighbors, router])
        {
            await net.Rules.AddAsync(rule, cancellation);
            _rules.Add(rule);
        }
    }

    // A router that is known by its link-local address is on the vip's link; one with another is wherever it is reached.
    private async Task<int> LinkOfAsync(IPAddress gateway, int link, CancellationToken cancellation) =>
        gateway.IsIPv6LinkLocal ? link
        : await net.Routes.FindAsync(gateway, cancellation) is { NextHops: [{ Gateway: null } next, ..] }
            ? next.Interface
        : throw new AddressException($"gateway {gateway} is on no network of this node");

    private List<RoutingRule> RulesOf(IPAddress key) =>
        [.. _rules.Where(rule => rule.From!.Value.BaseAddress.Equals(key)).OrderBy(rule => rule.Priority)];

    private bool Leads(uint table, IPAddress gateway) =>
        _tables.GetValueOrDefault(table) is [{ NextHops: [{ Gateway: { } there }] }] && there.Equals(gateway);

    private static async Task UnlessGoneAsync(Task deleting)
    {
        try
        {
            await deleting;
        }
        catch (NetlinkException error) when (error.Error is Errno.NotFound or Errno.NoProcess or Errno.NoDevice)
        {
            // Somebody was faster, or the kernel: a route goes with its link.
        }
    }
}
