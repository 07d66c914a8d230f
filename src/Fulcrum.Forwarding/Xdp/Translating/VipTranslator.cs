using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Draining;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Forward = Fulcrum.Model.Services.Forwarding;

namespace Fulcrum.Forwarding.Xdp.Translating;

/// <summary>Says a service in the program's words: each listener is a vip with backends of its own.</summary>
internal sealed class VipTranslator(PlaneService source, DrainClock drains, DateTimeOffset now)
{
    private const byte Tcp = 6;
    private const byte Udp = 17;

    private readonly List<WantedVip> _vips = [];
    private readonly List<Problem> _problems = [];
    private DateTimeOffset? _wakeAt;

    public TranslatedVips Translate()
    {
        for (var i = 0; i < source.Listeners.Count; i++)
        {
            Translate(source.Listeners[i], i);
        }

        return new(source, Items.From(_vips), Items.From(_problems), _wakeAt);
    }

    private void Translate(PlaneListener planned, int index)
    {
        var listener = planned.Listener;
        if (listener.OwnAddress is not { } address)
        {
            Refuse(index, "the plane needs to know the address", "an address to balance: tcp://192.0.2.1:80");
            return;
        }

        var destination = planned.Destinations[0];
        var identity = $"{source.Name}/{listener}";
        var backends = new List<WantedBackend>();
        foreach (var backend in Reachable(destination, address.AddressFamily))
        {
            if (Translate(destination, backend, identity, index) is { } wanted)
            {
                backends.Add(wanted);
            }
        }

        _vips.Add(
            new()
            {
                Identity = identity,
                Service = source.Name,
                Upstream = destination.Upstream.Name,
                Address = address,
                Protocol = listener.Protocol == ListenerProtocol.Udp ? Udp : Tcp,
                Ports = listener.Ports,
                Flags = FlagsOf(destination.Balance, address.AddressFamily),
                Client = source.Client,
                Backends = Items.From(backends),
            }
        );
    }

    /// <returns>Null: it has no place any more.</returns>
    private WantedBackend? Translate(PlaneDestination destination, PlaneBackend backend, string vip, int index)
    {
        if (FlagsOf(backend) is not { } flags)
        {
            return null;
        }

        var connect = backend.Connect ?? destination.Upstream.Connect;
        var tunnel = connect.Tunnel ?? new Tunnel();
        var forwarding = destination.Forward switch
        {
            Forward.Dsr => BackendForwarding.Direct,
            Forward.Tunnel => tunnel.Kind == TunnelKind.Gue ? BackendForwarding.Gue : BackendForwarding.IpInIp,
            _ => BackendForwarding.Nat,
        };
        var port = forwarding == BackendForwarding.Nat ? backend.Port ?? 0 : 0;
        IPAddress? from = null;
        if (forwarding == BackendForwarding.Nat)
        {
            var sources = connect.Source.Where(one => one.AddressFamily == backend.Address!.AddressFamily).ToList();
            if (sources.Count > 1)
            {
                Refuse(index, $"'connect.source' has {sources.Count} addresses of one family", "one");
            }

            from = sources.FirstOrDefault();
            forwarding = from is null ? BackendForwarding.Nat : BackendForwarding.FullNat;
        }

        return new(
            $"{vip}|{backend.Id}@{backend.Address}:{port}/{forwarding}",
            backend.Id,
            backend.Address!,
            port,
            forwarding,
            flags
                | (
                    backend.Address!.AddressFamily == AddressFamily.InterNetworkV6
                        ? BackendFlags.IsIPv6
                        : BackendFlags.None
                ),
            backend.Duty == BackendDuty.Serve ? backend.Weight : 0
        )
        {
            TunnelPort = forwarding == BackendForwarding.Gue ? tunnel.Port : 0,
            Source = from,
        };
    }

    /// <summary>Null: what it had ends, and nobody comes.</summary>
    private BackendFlags? FlagsOf(PlaneBackend backend)
    {
        if (backend.Duty == BackendDuty.Serve)
        {
            return BackendFlags.Up;
        }

        if (backend.Duty == BackendDuty.Drain)
        {
            var until =
                backend.DrainUntil ?? drains.DeadlineOf(source.Name, backend.Id, source.Sessions.Drain.Deadline, now);
            if (until <= now)
            {
                return null;
            }

            _wakeAt = until < _wakeAt ? until : _wakeAt ?? until;
        }

        // Who failed would answer nothing: with another backend clients know at once.
        return backend.HasFailed ? BackendFlags.None : BackendFlags.Up | BackendFlags.Drains;
    }

    private VipFlags FlagsOf(Balance balance, AddressFamily family)
    {
        var bySource = balance.Hash == HashKey.SourceAddress;
        var flags = bySource ? VipFlags.BySource : VipFlags.None;
        flags |= source.Sessions.OnePacket ? VipFlags.Forgets : VipFlags.None;
        var isListed = source
            .Client.Allow.Concat(source.Client.Deny)
            .Any(one => one.BaseAddress.AddressFamily == family);
        flags |= isListed ? VipFlags.ListsSources : VipFlags.None;
        // With a list of the other family alone nobody of this one may come.
        return source.Client.Allow.IsEmpty ? flags : flags | VipFlags.ListsSources | VipFlags.AdmitsListed;
    }

    // Those of the other family get what is sent to this one only when there are no others: only tunnels lead there.
    private static IEnumerable<PlaneBackend> Reachable(PlaneDestination destination, AddressFamily family)
    {
        var own = destination.Upstream.Backends.Where(backend => backend.Address?.AddressFamily == family);
        return destination.Forward == Forward.Tunnel && !own.Any()
            ? destination.Upstream.Backends.Where(backend => backend.Address is not null)
            : own;
    }

    private void Refuse(int index, string message, string expected) =>
        _problems.Add(
            new()
            {
                Path = $"services.{source.Name}.listen[{index}]",
                Message = message,
                Expected = expected,
            }
        );
}
