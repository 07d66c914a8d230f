using System.Net;
using System.Net.Sockets;
using Fulcrum.Commands;
using Fulcrum.Forwarding.Decapsulation;
using Fulcrum.Hosting;
using Fulcrum.Linux;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Linux.Netlink.Routes;
using Fulcrum.Linux.Processes;
using Fulcrum.Output;

namespace Fulcrum.Decapsulating;

/// <summary>One run of <c>fulcrum decap</c>: attaches, waits until it is to end, and says what came.</summary>
/// <param name="interfaceName">Where.</param>
/// <param name="options">What.</param>
/// <param name="wanted">Null: the best that works.</param>
/// <param name="around">Where words go.</param>
internal sealed class DecapRun(
    string interfaceName,
    DecapsulatorOptions options,
    DecapsulatorHook? wanted,
    Surroundings around
)
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        using var signals = new Signals();
        // There is no file to read again: the terminal was closed.
        signals.OnReload(signals.End);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(signals.Drain, cancellation);
        using var net = new Rtnetlink(NetlinkSocket.Open, TimeProvider.System);
        try
        {
            if (await net.Links.FindAsync(interfaceName, cancellation) is not { } link)
            {
                return await FailAsync($"there is no interface '{interfaceName}'; {await InterfacesAsync(net)}");
            }

            await WarnAsync(net);
            await using var decapsulator = await AttachAsync(net, link);
            var said = Describe(link, decapsulator);
            await around.Output.WriteLineAsync(said);
            ServiceManager.OfThisProcess.Ready(said);
            await Task.Delay(Timeout.InfiniteTimeSpan, around.Time, end.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ServiceManager.OfThisProcess.Stopping("taking the program away", EndPatience);
            await around.Output.WriteAsync(DecapText.Of(decapsulator.Count));
            return CommandLine.Fine;
        }
        catch (Exception error)
            when (error is LinuxException or NetlinkException or BpfRefusedException or BpfObjectException)
        {
            return await FailAsync(error.Message + MissingRights(error));
        }
    }

    private async Task<Decapsulator> AttachAsync(Rtnetlink net, NetworkLink link)
    {
        if (wanted is null && link.Kind is VethKind)
        {
            // What another end of this machine left for hardware to sum up would never be: the driver's hook knows
            // nothing of that, and whoever receives it drops it.
            return await AttachAsync(net, link, DecapsulatorHook.TrafficControl);
        }

        try
        {
            return await AttachAsync(net, link, wanted ?? DecapsulatorHook.Driver);
        }
        catch (LinuxException error)
            when (wanted is null && error.Error is not (Errno.NotPermitted or Errno.AccessDenied))
        {
            await WarnAsync($"not in the driver of {link.Name} ({Why(error)}); by traffic control, then");
            return await AttachAsync(net, link, DecapsulatorHook.TrafficControl);
        }
    }

    private async Task<Decapsulator> AttachAsync(Rtnetlink net, NetworkLink link, DecapsulatorHook hook)
    {
        var decapsulator = new Decapsulator(options, hook);
        try
        {
            await decapsulator.AttachAsync(net, link.Index);
            return decapsulator;
        }
        catch
        {
            await decapsulator.DisposeAsync();
            throw;
        }
    }

    private static string Why(LinuxException error) =>
        error.Error switch
        {
            Errno.Busy => "another program is there",
            Errno.NotSupported => "it runs no programs",
            Errno.Range => "its packets are too long for it",
            _ => error.Message,
        };

    private async Task WarnAsync(Rtnetlink net)
    {
        var local = (await net.Routes.ListAsync()).Where(route => route.Type == RouteType.Local).ToList();
        foreach (var vip in options.Vips.Where(vip => !local.Any(route => route.Destination.Contains(vip))))
        {
            var bits = vip.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
            await WarnAsync(
                $"{vip} is no address of this host, which will not take its packets: ip address add {vip}/{bits} dev lo"
            );
        }
    }

    private static async Task<string> InterfacesAsync(Rtnetlink net) =>
        $"there are {string.Join(", ", (await net.Links.ListAsync()).Select(link => link.Name))}";

    private string Describe(NetworkLink link, Decapsulator decapsulator)
    {
        var port = options.GuePort is { } number ? $"GUE at UDP port {number}" : "no GUE";
        var from = options.Balancers.Count == 0 ? "anybody" : string.Join(", ", options.Balancers.Select(Short));
        return $"taking tunnels off at {link.Name} ({decapsulator.Place}), for {string.Join(", ", options.Vips)}; {port}; from {from}";
    }

    private static string Short(IPNetwork network) =>
        network.PrefixLength == (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
            ? network.BaseAddress.ToString()
            : network.ToString();

    // Without CAP_PERFMON it is the verifier that says no.
    private static string MissingRights(Exception error)
    {
        var code = error switch
        {
            LinuxException linux => linux.Error,
            NetlinkException netlink => netlink.Error,
            BpfRefusedException refused => refused.Error,
            _ => Errno.None,
        };
        var hasAll = OwnCapabilities.Has(Capability.AdministerSystem);
        string[] missing =
        [
            .. hasAll || OwnCapabilities.Has(Capability.LoadPrograms) ? [] : (string[])["CAP_BPF"],
            .. OwnCapabilities.Has(Capability.AdministerNetwork) ? [] : (string[])["CAP_NET_ADMIN"],
            .. hasAll || OwnCapabilities.Has(Capability.ObservePerformance) ? [] : (string[])["CAP_PERFMON"],
        ];
        return code is Errno.NotPermitted or Errno.AccessDenied && missing.Length > 0
            ? $"\nfulcrum: it lacks {string.Join(", ", missing)}; root has them"
            : "";
    }

    private Task WarnAsync(string text) => around.Error.WriteLineAsync($"fulcrum: warning: {text}");

    private async Task<int> FailAsync(string text)
    {
        await around.Error.WriteLineAsync($"fulcrum: {text}");
        return CommandLine.NotSo;
    }
}
