using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>
/// Decides which members of an upstream get traffic. A member serves when its file and its source want it, it has
/// an address, none of its checks says no, and no better priority has a member that serves. Unknown is not
/// unhealthy: a backend that was never asked is used, so that adding a check takes nothing down.
/// </summary>
internal static class UpstreamDerivation
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    public static DerivedUpstream Derive(UpstreamContext context, DerivedUpstream? previous, DateTimeOffset now)
    {
        var (inputs, upstream, view, _) = context;
        var (policy, listenerPort) = (view.Policy, view.ListenerPort);
        var defaults = inputs.Snapshot.Defaults;
        var members = new List<Member>(upstream.Backends.Count);
        var probes = new List<ProbeTask>();
        foreach (var backend in upstream.Backends)
        {
            if (backend.Status != BackendStatus.Planned)
            {
                members.Add(Judge(inputs, backend, policy.Checks, defaults, listenerPort, probes));
            }
        }

        Elect(members);
        var connect = upstream.Connect;
        var retry = connect?.Retry ?? defaults.Connect?.Retry ?? Retry.Default;
        return new()
        {
            Plane = new()
            {
                Name = upstream.Name,
                Backends = Items.From(members.Select(member => member.ToPlane())),
                ConnectTimeout = connect?.Timeout ?? defaults.Connect?.Timeout ?? ConnectTimeout,
                ConnectRetries = retry.On.Contains(RetryReason.ConnectFailure) ? retry.Attempts : 0,
            },
            Facts = Items.From(
                members.Select(member => new BackendFact(
                    member.Backend.Id,
                    member.Verdict,
                    new Because(member.Reason),
                    member.Backend.Weight
                ))
            ),
            Verdict = members.Exists(member => member.Duty == BackendDuty.Serve) ? Verdict.Healthy : Verdict.Unhealthy,
            Reason = new Because("members"),
            Memory = UpstreamMemory.Initial,
            Probes = Items.From(probes),
        };
    }

    private static Member Judge(
        EngineInputs inputs,
        Backend backend,
        Items<Check> checks,
        Defaults defaults,
        int? listenerPort,
        List<ProbeTask> probes
    )
    {
        var member = new Member { Backend = backend, Address = AddressOf(inputs, backend.Address) };
        if (member.Address is null)
        {
            member.Rests($"no address for {backend.Address} yet");
            return member;
        }

        member.Verdict = checks.IsEmpty ? Verdict.Healthy : Verdict.Unknown;
        member.Reason = checks.IsEmpty ? "no checks: healthy by declaration" : "not asked yet";
        var healthy = 0;
        foreach (var check in checks)
        {
            if (TaskOf(check, member.Address, backend, defaults, listenerPort) is not { } task)
            {
                continue;
            }

            probes.Add(task);
            var health = inputs.Health[task] ?? CheckHealth.Unknown;
            healthy += health.Verdict == Verdict.Healthy ? 1 : 0;
            if (health.Verdict == Verdict.Unhealthy)
            {
                member.Verdict = Verdict.Unhealthy;
                member.Rests($"{check.Id}: {health.Reason}");
            }
        }

        if (healthy > 0 && healthy == checks.Count)
        {
            member.Verdict = Verdict.Healthy;
            member.Reason = "healthy";
        }

        switch (backend)
        {
            case { Status: BackendStatus.Disabled }:
                member.Drains("disabled");
                break;
            case { State: BackendState.Terminating }:
                member.Drains("terminating");
                break;
            case { Weight: 0 }:
                member.Rests("weight 0");
                break;
        }

        return member;
    }

    // Ready members before those that only still answer; among them the lowest priority number that has one.
    private static void Elect(List<Member> members)
    {
        var able = members.Where(member => member.Duty == BackendDuty.Serve).ToList();
        if (able.Count == 0)
        {
            return;
        }

        var ready = able.Exists(member => member.Backend.State == BackendState.Ready);
        var best = able.Where(member => !ready || member.Backend.State == BackendState.Ready)
            .Min(member => member.Backend.Priority);
        foreach (var member in able)
        {
            if (ready && member.Backend.State != BackendState.Ready)
            {
                member.Rests("not ready");
            }
            else if (member.Backend.Priority != best)
            {
                member.Rests($"priority {best} serves");
            }
        }
    }

    private static IPAddress? AddressOf(EngineInputs inputs, HostAddress address)
    {
        if (address.Ip is { } ip)
        {
            return ip;
        }

        return inputs.Names[address.Name!] is { Addresses: { Count: > 0 } found } ? found[0] : null;
    }

    private static ProbeTask? TaskOf(
        Check check,
        IPAddress address,
        Backend backend,
        Defaults defaults,
        int? listenerPort
    )
    {
        if ((check.Port ?? backend.Port ?? listenerPort) is not { } port)
        {
            return null;
        }

        var timing = check.Timing.Over(defaults.Check).Over(CheckTiming.BuiltIn);
        return new()
        {
            Probe = check.Probe,
            Address = address,
            Port = port,
            Interval = timing.Interval!.Value,
            Timeout = timing.Timeout!.Value,
            Rise = timing.Rise!.Value,
            Fall = timing.Fall!.Value,
            Source = check.Source,
        };
    }

    private sealed class Member
    {
        public required Backend Backend { get; init; }

        public required IPAddress? Address { get; init; }

        public Verdict Verdict { get; set; } = Verdict.Unknown;

        public BackendDuty Duty { get; private set; } = BackendDuty.Serve;

        public string Reason { get; set; } = "";

        public void Rests(string reason) => (Duty, Reason) = (BackendDuty.Rest, reason);

        public void Drains(string reason) => (Duty, Reason) = (BackendDuty.Drain, reason);

        public PlaneBackend ToPlane() =>
            new()
            {
                Id = Backend.Id,
                Address = Address,
                Port = Backend.Port,
                Weight = Backend.Weight,
                Duty = Duty,
                MaxConnections = Backend.MaxConnections,
            };
    }
}

internal sealed record Because(string Why) : Reason
{
    public override string Text => Why;
}
