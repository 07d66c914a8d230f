using System.Net;
using Fulcrum.Engine.Admission;
using Fulcrum.Engine.Deriving;
using Fulcrum.Model.Services;

namespace Fulcrum.Engine.Tracing;

/// <summary>
/// Which listener takes a destination, as sockets do: one that names the address goes before one that takes every
/// address, and a service that is off takes nothing.
/// </summary>
internal static class ListenerSearch
{
    private const int MaxNear = 3;

    public static (ListenerHit? Hit, string Reason) Find(DerivedState state, TraceQuestion question)
    {
        var all = state.Services.Values.SelectMany(ListenerHit.Of).ToList();
        var takers = all.Where(hit => Takes(hit.Listener, question))
            .OrderBy(hit => !hit.IsLive)
            .ThenBy(hit => !Names(hit.Listener, question))
            .ThenBy(hit => hit.Listener.Protocol == ListenerProtocol.Ip)
            .ThenBy(hit => hit.Service.Leaving)
            .ThenBy(hit => hit.Name, StringComparer.Ordinal)
            .ToList();
        if (takers.Count == 0)
        {
            return (null, Near(all, question));
        }

        var first = takers[0];
        if (question.Path is not null)
        {
            return (first, "it listens at this path");
        }

        if (Names(first.Listener, question))
        {
            return (first, $"it names {question.Target.ToIPAddress()}{PortText(first.Listener)}");
        }

        var nearer = takers.Find(hit => Names(hit.Listener, question));
        return (
            first,
            $"it takes every address{PortText(first.Listener)}"
                + (nearer is null ? "" : $"; {nearer} names {question.Target.ToIPAddress()}, but nothing carries it")
        );
    }

    private static bool Takes(Listener listener, TraceQuestion question) =>
        question.Path is { } path
            ? listener.Path == path
            : Speaks(listener, question) && HasPort(listener, question) && HasAddress(listener, question);

    private static bool Speaks(Listener listener, TraceQuestion question) =>
        listener.Protocol switch
        {
            ListenerProtocol.Ip => true,
            ListenerProtocol.Udp => question.Protocol == TraceProtocol.Udp,
            ListenerProtocol.Tcp or ListenerProtocol.Tls => question.Protocol == TraceProtocol.Tcp,
            ListenerProtocol.Http or ListenerProtocol.Https => question.Protocol == TraceProtocol.Tcp,
            ListenerProtocol.WebSocket or ListenerProtocol.JsonSocket => question.Protocol == TraceProtocol.Tcp,
            _ => false,
        };

    private static bool HasPort(Listener listener, TraceQuestion question) =>
        listener.Protocol == ListenerProtocol.Ip || listener.Ports.Contains(question.Destination.Port);

    private static bool HasAddress(Listener listener, TraceQuestion question) =>
        listener.Address is not { } address
            ? IsOfInternet(listener.Protocol)
            : Names(listener, question) || address.Equals(question.Target.IsIPv4 ? IPAddress.Any : IPAddress.IPv6Any);

    private static bool Names(Listener listener, TraceQuestion question) =>
        listener.Address is { } address
        && (
            listener.PrefixLength is { } length
                ? new IPNetwork(address, length).Contains(question.Target.ToIPAddress())
                : AddressBits.Of(address) == question.Target
        );

    private static bool IsOfInternet(ListenerProtocol protocol) =>
        protocol
            is not (ListenerProtocol.Unix or ListenerProtocol.UnixDatagram or ListenerProtocol.UnixSeqpacket)
                and not ListenerProtocol.Mark;

    private static string PortText(Listener listener) =>
        (
            listener.Protocol == ListenerProtocol.Ip ? " and every port"
            : listener.Ports.IsSingle ? " and this port"
            : $", and this port is one of {listener.Ports}"
        ) + (listener.Interface is { } device ? $", of what comes in by {device}" : "");

    // One thing is wrong with each: what was meant is most often among them.
    private static string Near(List<ListenerHit> all, TraceQuestion question)
    {
        var near = new List<string>();
        foreach (var hit in all.OrderBy(hit => hit.Name, StringComparer.Ordinal))
        {
            var listener = hit.Listener;
            var wrong = (Speaks(listener, question), HasAddress(listener, question), HasPort(listener, question)) switch
            {
                (true, false, true) => "address",
                (true, true, false) => "port",
                (false, true, true) => "protocol",
                _ => null,
            };
            if (wrong is not null)
            {
                near.Add($"{hit} has another {wrong}");
            }
        }

        return near.Count == 0 ? "no service listens to anything like it"
            : near.Count <= MaxNear ? string.Join("; ", near)
            : $"{string.Join("; ", near.Take(MaxNear))}; and {near.Count - MaxNear} more are near";
    }
}
