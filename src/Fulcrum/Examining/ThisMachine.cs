using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Ipvs;
using Fulcrum.Forwarding.Sysctls;
using Fulcrum.Forwarding.Trying;
using Fulcrum.Forwarding.Vips;
using Fulcrum.Forwarding.Xdp;
using Fulcrum.Hosting;
using Fulcrum.Linux;
using Fulcrum.Linux.Namespaces;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model;
using Fulcrum.Model.Services;
using Fulcrum.Proxy.Plane;

namespace Fulcrum.Examining;

/// <summary>
/// The machine that this process runs on, with the rights that it has. It is looked at by the code that the node works
/// with. What only shows when it is done is done in a network namespace of its own, which goes at once; all that may be
/// left of that is a module that the kernel loaded, as it would for the node.
/// </summary>
internal sealed class ThisMachine(TimeProvider time) : IMachine
{
    private const string Parameters = "/proc/sys";

    public async Task<IReadOnlyList<PlaneOffer>> LookAsync(
        Snapshot snapshot,
        StateDirectory state,
        CancellationToken cancellation
    )
    {
        using var net = new Rtnetlink(NetlinkSocket.Open, time);
        await using var ipvs = new IpvsPlane(new() { OwnedFile = state.Ipvs }, time);
        await ipvs.LookAsync(snapshot, cancellation);
        await using var xdp = new BpfPlane(PlaneKind.Xdp, new() { State = state.Path, Net = net }, time);
        await xdp.LookAsync(snapshot, cancellation);
        await using var tc = new BpfPlane(PlaneKind.Tc, new() { State = state.Path, Net = net }, time);
        await tc.LookAsync(snapshot, cancellation);
        return [xdp.Offer, tc.Offer, ipvs.Offer];
    }

    public async Task<MachineFacts> ReadAsync(
        Needs needs,
        IReadOnlyList<PlaneOffer> planes,
        StateDirectory state,
        CancellationToken cancellation
    )
    {
        var kernel = Read("kernel/osrelease");
        var facts = new MachineFacts
        {
            Kernel = kernel,
            User = Accounts.UserName(Accounts.OwnUserId) ?? $"user {Accounts.OwnUserId}",
            Modules = KernelModules.Read("/lib/modules", kernel),
            NoBalancer = planes.FirstOrDefault(plane => plane.Kind == PlaneKind.Ipvs)?.Unavailable,
            MayAdministerNetwork = OwnCapabilities.Has(Capability.AdministerNetwork),
            MayBindLowPorts = OwnCapabilities.Has(Capability.BindService),
            MayMarkSockets = Takes(SocketOption.Mark),
            MayBeTransparent = Takes(SocketOption.Transparent),
            MaySendEchoes = Opens(SocketCalls.OpenEcho(SocketFamily.IPv4, out _), static _ => 0),
            FirstFreePort = Number("net/ipv4/ip_unprivileged_port_start"),
            Backlog = Number("net/core/somaxconn"),
            WantedBacklog = new ProxyPlaneOptions().Backlog,
            Descriptors = DescriptorLimit.Raise(Daemon.WantedDescriptors),
            WantedDescriptors = Daemon.WantedDescriptors,
            NoState = state.WhyNot(),
            NoOffload = needs.Offload.Count > 0 ? OffloadTrial.WhyNot() : null,
            NotForwarding = [.. OffloadTrial.NotForwarding(Parameters, needs.OffloadInterfaces)],
            HasGroup = needs.Group is { } group && Accounts.GroupId(group) is not null,
        };
        return await TryAsync(await LookAroundAsync(facts, needs, state, cancellation), needs, cancellation);
    }

    private async Task<MachineFacts> LookAroundAsync(
        MachineFacts facts,
        Needs needs,
        StateDirectory state,
        CancellationToken cancellation
    )
    {
        using var net = new Rtnetlink(NetlinkSocket.Open, time);
        var places = await VipPlaces.LookAsync(net, cancellation);
        var keeper = new SysctlKeeper(Parameters, state.Sysctls);
        var lacks = needs.Table.Services.IsEmpty
            // One interface is as good as another to ask whether they may be set.
            ? keeper.Check(SysctlWishes.NatOverIPv4("default"))
            : await new ForwardingParameters(net, keeper).CheckAsync(needs.Table, cancellation);
        var programs = needs.Programs.Count == 0 ? facts : await LookAtProgramsAsync(facts, needs, net, cancellation);
        return programs with
        {
            // Those of a balancer that is not there come with it.
            Parameters = [.. lacks.Where(lack => facts.NoBalancer is null || !lack.IsOfBalancer)],
            AbsentInterfaces = Absent(needs.Interfaces.Keys, name => name, places.WhyNoInterface),
            AbsentNetworks = Absent(
                needs.Networks,
                one => one.Address.Key.ToString(),
                one => places.WhyNoNetwork(one.Address)
            ),
        };
    }

    private async Task<MachineFacts> LookAtProgramsAsync(
        MachineFacts facts,
        Needs needs,
        Rtnetlink net,
        CancellationToken cancellation
    ) =>
        facts with
        {
            NoPrograms = ProgramTrial.WhyNotAllowed() ?? ProgramTrial.WhyNotLoaded(),
            NoBpfFileSystem = ProgramTrial.WhyNoFileSystem(),
            ProgramInterfaces = await ProgramTrial.LookAsync(
                net,
                NetlinkSocket.Open,
                needs.Xdp,
                needs.InDriver,
                time,
                cancellation
            ),
        };

    private async Task<MachineFacts> TryAsync(MachineFacts facts, Needs needs, CancellationToken cancellation)
    {
        try
        {
            using var home = new OwnNamespace();
            using var trial = new KernelTrial(home.Open, time);
            var lacking = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var made in needs.Kinds)
            {
                if (await trial.LackingModuleAsync(made.Sample, cancellation) is { } module)
                {
                    lacking[made.Kind] = module;
                }
            }

            var isBalanced = needs.Balancer.Count > 0 && facts.NoBalancer is null;
            return facts with
            {
                LackingKinds = lacking,
                LackingParts = isBalanced ? await trial.LackingAsync([.. needs.Parts.Keys], cancellation) ?? [] : [],
                NoMarks = needs.Marks.Count > 0 ? await trial.WhyNoMarksAsync(cancellation) : null,
                NoSources = needs.Sources.Count > 0 ? await trial.WhyNoSourcesAsync(cancellation) : null,
            };
        }
        catch (LinuxException error) when (error.Error is Errno.NotPermitted)
        {
            return facts with { NoTrial = "trying it needs CAP_SYS_ADMIN" };
        }
        catch (Exception error) when (error is LinuxException or NetlinkException)
        {
            return facts with { NoTrial = error.Message };
        }
    }

    private static Dictionary<string, string> Absent<T>(
        IEnumerable<T> wanted,
        Func<T, string> name,
        Func<T, string?> whyNot
    )
    {
        var absent = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in wanted)
        {
            if (whyNot(one) is { } reason)
            {
                absent[name(one)] = reason;
            }
        }

        return absent;
    }

    private static bool Takes(SocketOption option) =>
        Opens(
            SocketCalls.Open(SocketFamily.IPv4, SocketKind.Datagram),
            descriptor => SocketCalls.Set(descriptor, option, 1)
        );

    private static bool Opens(int descriptor, Func<int, int> use)
    {
        if (descriptor < 0)
        {
            return false;
        }

        var result = use(descriptor);
        _ = SocketCalls.Close(descriptor);
        return result >= 0;
    }

    private static int Number(string parameter) =>
        int.Parse(Read(parameter), System.Globalization.CultureInfo.InvariantCulture);

    private static string Read(string parameter) => File.ReadAllText(Path.Combine(Parameters, parameter)).Trim();
}
