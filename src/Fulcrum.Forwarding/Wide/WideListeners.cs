using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Linux;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Routes;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Forwarding.Wide;

/// <summary>
/// Leads clients of prefixes and of many ports to a few sockets: a program chooses them, and a local route has the kernel
/// take in what is for a prefix (ip-route(8), "local"). Routes are ours by a mark, so that those of a former run that did
/// not end well are known, and go when nobody wants them.
/// </summary>
public sealed class WideListeners(Rtnetlink net, TimeProvider time) : IWideListeners, IAsyncDisposable
{
    private const string Loopback = "lo";

    /// <summary>Somebody else may take a route away.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1);
    private LookupProgram? _program;
    private IReadOnlyList<IPNetwork> _wanted = [];
    private volatile string? _noLookup;
    private volatile string? _noRoute;

    /// <summary>Another process goes on with the listeners, and needs the routes.</summary>
    public bool LeavesRoutes { get; set; }

    public string? Trouble => _noLookup ?? _noRoute;

    public string? WhyNot()
    {
        try
        {
            // Asked before each change; one that is there says enough.
            _program ??= new();
            return null;
        }
        catch (LinuxException error)
        {
            return error.Error switch
            {
                Errno.NotPermitted =>
                    "prefixes and many ports take the capabilities CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON",
                Errno.InvalidArgument => "prefixes and many ports take Linux 5.9",
                _ => error.Message,
            };
        }
        catch (BpfRefusedException)
        {
            return "the kernel refuses the program that leads to prefixes and many ports";
        }
    }

    public async Task LeadAsync(IReadOnlyList<WideListener> listeners)
    {
        try
        {
            (_program ??= listeners.Count > 0 ? new() : null)?.Lead(listeners);
            _noLookup = null;
        }
        catch (Exception error) when (error is LinuxException or BpfRefusedException)
        {
            _noLookup = $"clients are not led to prefixes and many ports: {error.Message}";
        }

        await SetAsync([.. listeners.Select(NetworkOf).OfType<IPNetwork>().Distinct()]);
    }

    /// <summary>Puts routes back that somebody took away, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        // What a former run left goes at once.
        await SetAsync(_wanted);
        while (true)
        {
            await Task.Delay(LookEvery, time, cancellation);
            if (_wanted.Count > 0)
            {
                await SetAsync(_wanted);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!LeavesRoutes)
        {
            await SetAsync([]);
        }

        _program?.Dispose();
        _turn.Dispose();
    }

    // A single address is somebody else's to raise.
    private static IPNetwork? NetworkOf(WideListener listener)
    {
        var address = listener.First.ToIPEndPoint().Address;
        return listener.PrefixLength < (listener.First.Family == SocketFamily.IPv4 ? 32 : 128)
            ? new(address, listener.PrefixLength)
            : null;
    }

    private async Task SetAsync(IReadOnlyList<IPNetwork> wanted)
    {
        await _turn.WaitAsync();
        try
        {
            _wanted = wanted;
            var ours = new List<NetworkRoute>();
            foreach (var family in new[] { SocketFamily.IPv4, SocketFamily.IPv6 })
            {
                var all = await net.Routes.ListAsync(family, RouteTable.Local);
                ours.AddRange(all.Where(route => route.Protocol == OwnMarks.WideProtocol));
            }

            foreach (var route in ours.Where(route => !wanted.Contains(route.Destination)))
            {
                await net.Routes.DeleteAsync(route);
            }

            foreach (var network in wanted.Where(one => ours.All(route => route.Destination != one)))
            {
                await net.Routes.AddAsync(await RouteOf(network));
            }

            _noRoute = null;
        }
        catch (Exception error) when (error is LinuxException or NetlinkException)
        {
            _noRoute = $"prefixes do not come in here, because there is no local route for them: {error.Message}";
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<NetworkRoute> RouteOf(IPNetwork network)
    {
        var links = await net.Links.ListAsync();
        return new()
        {
            Destination = network,
            Table = RouteTable.Local,
            Type = RouteType.Local,
            Protocol = OwnMarks.WideProtocol,
            NextHops = [new() { Interface = links.First(link => link.Name == Loopback).Index }],
        };
    }
}
