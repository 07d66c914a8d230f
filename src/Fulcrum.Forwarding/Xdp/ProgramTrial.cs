using Fulcrum.Linux;
using Fulcrum.Linux.Bpf;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Devices;
using Fulcrum.Linux.Processes;
using Fulcrum.Model;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>Looks whether planes of programs would work here. It attaches and changes nothing.</summary>
public static class ProgramTrial
{
    /// <summary>Longer frames than these take more than a page, of which most drivers give a program one.</summary>
    private const int UsualMostMtu = 3498;

    private static Capability[] Rights { get; } =
    [Capability.LoadPrograms, Capability.ObservePerformance, Capability.AdministerNetwork];

    /// <summary>Why this process may not load programs; null: it may.</summary>
    public static string? WhyNotAllowed() =>
        Rights.All(OwnCapabilities.Has) || OwnCapabilities.Has(Capability.AdministerSystem)
            ? null
            : "this process may not load programs into the kernel (CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN, or root)";

    /// <summary>Why the kernel does not take the program; null: it does.</summary>
    public static string? WhyNotLoaded()
    {
        try
        {
            using var trial = new XdpProgram(XdpOptions.Smallest);
            _ = trial.Program;
            return null;
        }
        catch (Exception error) when (error is LinuxException or BpfRefusedException or BpfObjectException)
        {
            return error.Message;
        }
    }

    /// <summary>Why there is no place for names of maps and programs; null: there is, or the node makes it.</summary>
    public static string? WhyNoFileSystem(string path = BpfFileSystem.UsualPath) =>
        BpfFileSystem.IsAt(path) || OwnCapabilities.Has(Capability.AdministerSystem)
            ? null
            : $"no BPF file system is mounted at {path}";

    /// <summary>Each interface that the file names.</summary>
    /// <param name="isInDriver">Plane xdp; else tc.</param>
    /// <exception cref="NetlinkException"/>
    public static async Task<IReadOnlyList<TriedInterface>> LookAsync(
        Rtnetlink net,
        NetlinkOpening open,
        XdpSettings settings,
        bool isInDriver,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var ground = await Ground.LookAsync(net, open, settings, time, cancellation);
        return
        [
            .. ground.Interfaces.Select(one => Look(one, isInDriver && !settings.Generic, ground.Interfaces.Count > 1)),
        ];
    }

    private static TriedInterface Look(GroundInterface place, bool isInDriver, bool isOneOfSeveral)
    {
        var name = place.Name;
        return place.Link is not { } link ? new(name, "there is no such interface", "'ip link' shows what there is")
            : !link.IsUp ? new(name, "it is down", $"ip link set {name} up")
            : !isInDriver ? new(name, null, "")
            : !place.RunsPrograms
                ? new(
                    name,
                    "its driver runs no XDP programs",
                    "'plane: tc', or 'xdp: { generic: true }', which is slow"
                )
            : link.Mtu > UsualMostMtu
                ? new(
                    name,
                    $"an MTU of {link.Mtu} is more than most drivers take with XDP",
                    $"ip link set {name} mtu 1500"
                )
            : isOneOfSeveral && place.Features is { } features && !features.HasFlag(XdpFeatures.Transmit)
                ? new(
                    name,
                    "frames that come in by another interface cannot leave by it: they would be lost",
                    link.Kind is Linux.Netlink.Links.VethKind
                        ? "of a pair of veth: 'ethtool -K PEER gro on' at its other end"
                        : $"a driver that sends what XDP redirects, or 'plane: tc'"
                )
            : new(name, null, "");
    }
}
