using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Draining;
using Fulcrum.Forwarding.Ipvs.Kernel;
using Fulcrum.Forwarding.Ipvs.Translating;
using Fulcrum.Forwarding.Sysctls;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Forwarding.Ipvs;

/// <summary>
/// The kernel parameters that the services of a table need: of interfaces those that lead to backends, and those of the
/// table itself.
/// </summary>
public sealed class ForwardingParameters(Rtnetlink net, SysctlKeeper keeper)
{
    /// <summary>How often something was written to the kernel.</summary>
    public long Written => keeper.Written;

    /// <summary>What a table would need and the kernel has otherwise; nothing is changed.</summary>
    /// <exception cref="NetlinkException"/>
    public async Task<IReadOnlyList<SysctlLack>> CheckAsync(PlaneTable table, CancellationToken cancellation)
    {
        var translation = new Translation(table, null, new DrainClock(), DateTimeOffset.UnixEpoch);
        var (wishes, _) = await WishesAsync(
            translation.Services.Values,
            translation.TemplatesExpire,
            isShared: table.Ipvs.Sync is not null,
            cancellation
        );
        return keeper.Check(wishes);
    }

    /// <summary>Sets what they need; what could not be set comes back in words.</summary>
    /// <param name="templatesExpire">As <see cref="Translation.TemplatesExpire"/> says.</param>
    /// <param name="isShared">Other nodes are told of connections.</param>
    internal async Task<IReadOnlyList<string>> ApplyAsync(
        IReadOnlyCollection<KernelService> services,
        bool templatesExpire,
        bool isShared,
        CancellationToken cancellation
    )
    {
        if (services.Count == 0)
        {
            return keeper.Restore();
        }

        var (wishes, problems) = await WishesAsync(services, templatesExpire, isShared, cancellation);
        return [.. problems, .. keeper.Apply(wishes)];
    }

    internal IReadOnlyList<string> Restore() => keeper.Restore();

    private async Task<(List<SysctlWish> Wishes, List<string> Problems)> WishesAsync(
        IReadOnlyCollection<KernelService> services,
        bool templatesExpire,
        bool isShared,
        CancellationToken cancellation
    )
    {
        // A server that is gone must not hold whom it had: the deadline of a drain would have no effect.
        var wishes = new List<SysctlWish> { new("net/ipv4/vs/expire_nodest_conn", "1") };
        if (services.Any(service => service.Service.Flags.HasFlag(IpvsServiceFlags.Persistent)))
        {
            wishes.Add(new("net/ipv4/vs/expire_quiescent_template", templatesExpire ? "1" : "0"));
        }

        if (isShared)
        {
            wishes.AddRange(SysctlWishes.SharedConnections());
        }

        if (isShared)
        {
            wishes.AddRange(SysctlWishes.SharedConnections());
        }

        var problems = new List<string>();
        var needs = services.SelectMany(NeedsOf).ToHashSet();
        var links = (await net.Links.ListAsync(cancellation)).ToDictionary(link => link.Index, link => link.Name);
        foreach (var (address, isIPv4, isNat) in needs)
        {
            try
            {
                var route = await net.Routes.FindAsync(address, cancellation);
                if (route?.NextHops is [{ Interface: var index }, ..] && links.TryGetValue(index, out var link))
                {
                    wishes.AddRange(
                        isNat && isIPv4 ? SysctlWishes.NatOverIPv4(link)
                        : isNat ? SysctlWishes.NatOverIPv6()
                        : isIPv4 ? SysctlWishes.AnswersFromVip(link)
                        : []
                    );
                }
            }
            catch (NetlinkException exception)
            {
                problems.Add($"no way to backend {address}: {exception.Reason}");
            }
        }

        return ([.. wishes.DistinctBy(wish => wish.Path)], problems);
    }

    // Without role: probes, whose answers come from the vip where NAT does not translate them. The family is the vip's,
    // which in a tunnel need not be the server's.
    private static IEnumerable<(IPAddress Address, bool IsIPv4, bool IsNat)> NeedsOf(KernelService service) =>
        service
            .Servers.Values.Select(server =>
                (
                    server.Address,
                    IsIPv4: service.Key.Family == SocketFamily.IPv4,
                    IsNat: server.Forwarding == IpvsForwarding.Masquerade
                )
            )
            .Where(need => need.IsNat || service.Role is null);
}
