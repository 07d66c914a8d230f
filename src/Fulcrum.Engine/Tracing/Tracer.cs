using System.Globalization;
using Fulcrum.Engine.Admission;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Routing;
using Fulcrum.Engine.Selecting;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Engine.Tracing;

/// <summary>
/// Answers where a first packet would go, by asking what decides: the rules, balancers and hashes here are those that
/// the planes use, and the facts are what was decided last.
/// </summary>
public static class Tracer
{
    private const int MaxNamed = 3;

    public static TraceResult Trace(DerivedState state, TraceQuestion question)
    {
        var (hit, why) = ListenerSearch.Find(state, question);
        var result = new TraceResult { Question = question.ToString(), Outcome = TraceOutcome.NoListener };
        result = result.Says("listener", hit?.ToString() ?? "none", why);
        if (hit is null)
        {
            return result;
        }

        var service = hit.Service;
        result = result with { Service = hit.Name, Listener = hit.Listener.ToString() };
        if (hit.Plane is not { } listener)
        {
            return hit.IsLive ? OthersForward(result, service) : NotCarried(result, service);
        }

        var verdict = Words.Of(service.Verdict);
        result = service.Leaving
            ? result.Says("service", "leaving", $"{service.Reason}; it stays until its addresses are withdrawn")
            : result.Says("service", verdict, service.Reason.Text);
        var client = service.Plane!.Client;
        (result, var admitted) = AdmitPeer(result, hit.Listener, question);
        if (admitted)
        {
            (result, admitted) = Introduce(result, client, question);
        }

        if (admitted)
        {
            (result, admitted) = Admit(result, client, question);
        }

        if (!admitted)
        {
            return result with { Outcome = TraceOutcome.Refused };
        }

        if (question.Path is null && ShareOf(client) is { } share)
        {
            result = result.Says("share", share, "what one address may have of the service");
        }

        result = Forward(state, result, hit);
        (result, var destination) = Route(result, listener, question);
        return destination is null
            ? result with
            {
                Outcome = TraceOutcome.Refused,
            }
            : Balance(state, result, destination, question);
    }

    private static (TraceResult Result, PlaneDestination? Destination) Route(
        TraceResult result,
        PlaneListener listener,
        TraceQuestion question
    )
    {
        if (listener.Routes.IsEmpty)
        {
            return (result, listener.Destinations[0]);
        }

        var table = new RouteTable(listener.Routes);
        var facts = new SessionFacts
        {
            Source = question.Path is null ? question.Client : null,
            SourcePort = question.Source.Port,
            Destination = question.Path is null ? question.Target : null,
            Port = question.Destination.Port,
            ServerName = question.ServerName?.ToLowerInvariant(),
            Protocols = ProtocolList.Write(question.Protocols),
        };
        var metadata = Metadata.Of(listener.Listener.ToString(), facts);
        var route = table.Choose(facts with { Metadata = metadata });
        var destination = route?.Action is PlaneForward forward ? listener.Destinations[forward.Destination] : null;
        var hello =
            table.AsksForHello && question is { ServerName: null, Protocols.IsEmpty: true }
                ? "; routes ask for what the client's TLS hello says, of which nothing was told"
                : "";
        return (
            result.Says(
                "route",
                route is null ? "none"
                    : destination is null ? $"{route.Path}, rejected"
                    : $"{route.Path}, {destination.Upstream.Name}",
                (route is null ? "no route matches" : "the first that matches") + hello
            ),
            destination
        );
    }

    private static TraceResult OthersForward(TraceResult result, DerivedService service) =>
        result
            .Says("service", Words.Of(service.Verdict), service.Reason.Text)
            .Says("forwarding", "none", "Fulcrum only raises and announces the address") with
        {
            Outcome = TraceOutcome.Elsewhere,
            Upstream = service.Service.Upstream,
        };

    private static TraceResult NotCarried(TraceResult result, DerivedService service) =>
        result.Says("service", "not carried", service.Reason.Text) with
        {
            Outcome = TraceOutcome.NotCarried,
        };

    private static (TraceResult Result, bool Admitted) AdmitPeer(
        TraceResult result,
        Listener listener,
        TraceQuestion question
    )
    {
        if (listener.Peer is not { } peer)
        {
            return (result, true);
        }

        var isPeer =
            AddressBits.Of(peer.Address) == question.Client && (peer.Port == 0 || peer.Port == question.Source.Port);
        var who = peer.Port == 0 ? peer.Address.ToString() : peer.ToString();
        return (
            result.Says("peer", isPeer ? "admitted" : "refused", $"the listener serves {who} and nobody else"),
            isPeer
        );
    }

    /// <summary>Whether the client is to be told of by a PROXY header, and may bring one.</summary>
    private static (TraceResult Result, bool Admitted) Introduce(
        TraceResult result,
        ClientRules client,
        TraceQuestion question
    )
    {
        if (client.ProxyProtocol == ProxyProtocolAcceptance.Off)
        {
            return (result, true);
        }

        const string Step = "proxy-protocol";
        var trusted = new AccessRules(new() { Allow = client.ProxyProtocolFrom });
        return question.Path is null && trusted.Admits(question.Client)
                ? (
                    result.Says(
                        Step,
                        "believed",
                        "a header from there says who the client is; this is for the one asked about"
                    ),
                    true
                )
            : client.ProxyProtocol == ProxyProtocolAcceptance.Require
                ? (
                    result.Says(Step, "refused", "everybody must bring a header, and none from there is believed"),
                    false
                )
            : (result.Says(Step, "not believed", "a header from there is data like any other"), true);
    }

    private static (TraceResult Result, bool Admitted) Admit(
        TraceResult result,
        ClientRules client,
        TraceQuestion question
    )
    {
        var (rules, address) = (new AccessRules(client), question.Client);
        if (question.Path is not null)
        {
            return (
                result.Says(
                    "client",
                    rules.AdmitsOthers ? "admitted" : "refused",
                    "a client without an address is in no list"
                        + (rules.AdmitsOthers ? "" : ", and there is one of those who are allowed")
                ),
                rules.AdmitsOthers
            );
        }

        var reason =
            rules.RuleFor(address) is { } rule ? $"{rule.Prefix} stands in its {(rule.Admits ? "allow" : "deny")} list"
            : !rules.AdmitsOthers ? "no prefix of its allow list holds the client"
            : client.Deny.IsEmpty ? "it serves everybody"
            : "no prefix of its deny list holds the client";
        var admitted = rules.Admits(address);
        return (result.Says("client", admitted ? "admitted" : "refused", reason), admitted);
    }

    private static string? ShareOf(ClientRules client)
    {
        var parts = new List<string>();
        if (client.MaxConnectionsPerAddress is { } connections)
        {
            parts.Add($"at most {connections} connections at a time");
        }

        if (client.RatePerAddress is { } rate)
        {
            parts.Add($"{rate} new ones a second, {client.BurstPerAddress ?? rate} at once");
        }

        return parts.Count == 0 ? null : string.Join(", ", parts);
    }

    private static TraceResult Forward(DerivedState state, TraceResult result, ListenerHit hit)
    {
        var service = hit.Service;
        var carrier = service.Carrier!.Value;
        var reason =
            service.Service.Plane != PlaneKind.Auto ? "the plane that the service names"
            : Choice.Of(state.Inputs, service.Service, service.Views.All, null) == carrier
                ? "the first plane of this node that can carry it"
            : "the plane that carried it before, and still can";
        var there = state.Inputs.Observed.Planes[carrier];
        if (there is not null && there.Services[hit.Name] != service.Plane)
        {
            reason += "; it does not work by the latest decision yet";
        }

        var plane = Words.Of(carrier);
        var answer = hit.Forward is { } forward ? $"{Words.Of(forward)} by plane {plane}" : $"by plane {plane}";
        return result.Says("forwarding", answer, reason) with { Plane = plane };
    }

    private static TraceResult Balance(
        DerivedState state,
        TraceResult result,
        PlaneDestination destination,
        TraceQuestion question
    )
    {
        var whole = destination.Upstream;
        result = result with { Upstream = whole.Name };
        if (NameChoice.Of(whole) is { } choice)
        {
            (result, var group) = ChooseByName(result, whole, choice, question);
            if (group is null)
            {
                return result with { Outcome = TraceOutcome.Refused };
            }

            destination = destination with { Upstream = group.Upstream };
        }

        var upstream = destination.Upstream;
        var forecast = Forecast.Of(destination, question);
        var able = upstream.Backends.Count(MayBeChosen);
        result = result.Says(
            "upstream",
            $"{upstream.Name}, {able} of {upstream.Backends.Count}",
            Others(state, whole, upstream)
        );
        result = result with { Backends = forecast.Backends };
        if (destination.Persist is { } persist)
        {
            result = result.Says(
                "persistence",
                string.Create(CultureInfo.InvariantCulture, $"{persist.Timeout.TotalSeconds:0.###} s"),
                "a client that is remembered comes back to the backend it had; what follows is for one that is not"
            );
        }

        if (forecast.Backends.IsEmpty)
        {
            return result with { Outcome = TraceOutcome.NoBackend };
        }

        var isCertain = forecast.Backends.Count == 1;
        var answer = isCertain ? forecast.Backends[0].Id : $"one of {forecast.Backends.Count}";
        return result.Says("balance", $"{Words.Of(destination.Balance.Algorithm)}, {answer}", forecast.Reason) with
        {
            Outcome = isCertain ? TraceOutcome.Backend : TraceOutcome.OneOf,
        };
    }

    private static bool MayBeChosen(PlaneBackend backend) =>
        backend is { Duty: BackendDuty.Serve, HasPlace: true, Weight: > 0 };

    private static (TraceResult Result, NameGroup? Group) ChooseByName(
        TraceResult result,
        PlaneUpstream upstream,
        NameChoice choice,
        TraceQuestion question
    )
    {
        var name = question.ServerName?.ToLowerInvariant() ?? "";
        var group = choice.GroupOf(name);
        var reason = (group, upstream.BySni) switch
        {
            (null, BySni.Refuse) => "no sni of a backend holds for it, and others are refused",
            (null, _) => "no sni of a backend holds for it, and every backend has one",
            _ when !ReferenceEquals(group, choice.Rest) => "those whose sni holds for it",
            (_, BySni.Any) => "no sni of a backend holds for it, and others may go to any",
            _ => "no sni of a backend holds for it: those that have none",
        };
        var answer = group is null ? "refused" : $"{group.Upstream.Backends.Count} of {upstream.Backends.Count}";
        return (result.Says("server name", $"{(name.Length == 0 ? "none" : name)}, {answer}", reason), group);
    }

    private static string Others(DerivedState state, PlaneUpstream whole, PlaneUpstream upstream)
    {
        var derived = state.ViewsOf(whole.Name).FirstOrDefault(view => ReferenceEquals(view.Plane, whole));
        var members = upstream.Backends.ToHashSet<PlaneBackend>(ReferenceEqualityComparer.Instance);
        var others = new List<string>();
        for (var i = 0; i < whole.Backends.Count; i++)
        {
            var backend = whole.Backends[i];
            if (members.Contains(backend) && !MayBeChosen(backend))
            {
                others.Add(
                    $"{backend.Id} {DutyText(backend)}{(derived is null ? "" : $" ({derived.Facts[i].Reason})")}"
                );
            }
        }

        return others.Count == 0 ? "every member may be chosen"
            : others.Count <= MaxNamed ? string.Join(", ", others)
            : $"{string.Join(", ", others.Take(MaxNamed))} and {others.Count - MaxNamed} more";
    }

    private static string DutyText(PlaneBackend backend) =>
        backend.Duty switch
        {
            BackendDuty.Serve => "has no weight",
            BackendDuty.Rest => "rests",
            _ => "drains",
        };
}
