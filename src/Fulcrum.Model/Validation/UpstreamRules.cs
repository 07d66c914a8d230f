using Fulcrum.Model.Checks;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Validation;

internal static class UpstreamRules
{
    public static void Check(Findings findings, Snapshot snapshot)
    {
        using (findings.In("defaults"))
        {
            CheckPolicy(findings, snapshot.Defaults.Policy);
        }

        using var kind = findings.In("upstreams");
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var upstream in snapshot.Upstreams)
        {
            using var at = findings.In(upstream.Name);
            ids.Clear();
            if (upstream.Backends.IsEmpty && upstream.Discover is null)
            {
                findings.Error("has no backend and no way to find one", "'backends' or 'discover'");
            }

            CheckBackends(findings, upstream, ids);
            CheckPolicy(findings, upstream.Policy);
        }
    }

    private static void CheckBackends(Findings findings, Upstream upstream, HashSet<string> ids)
    {
        using var list = findings.In("backends");
        for (var i = 0; i < upstream.Backends.Count; i++)
        {
            var backend = upstream.Backends[i];
            if (!ids.Add(backend.Id))
            {
                using var at = findings.At(i);
                findings.Error($"there is already a backend '{backend.Id}' in this upstream", "a name of its own");
            }

            if (backend.Sni is not null && upstream.BySni is null)
            {
                using var at = findings.At(i);
                using var field = findings.In("sni");
                findings.Error("nothing chooses by it", "'by-sni' on the upstream");
            }

            if (backend.ResumeConnections is { } resume && !(backend.MaxConnections >= resume))
            {
                using var at = findings.At(i);
                using var field = findings.In("resume-connections");
                findings.Error($"found {resume}", "at most max-connections, which must be given too");
            }
        }
    }

    /// <summary>What holds for a policy wherever it stands.</summary>
    public static void CheckPolicy(Findings findings, Policy policy)
    {
        if (ReferenceEquals(policy, Policy.Unset))
        {
            return;
        }

        if (policy.Healthy is { KeepWhile: { } keep } marks && IsMore(keep, marks.AtLeast))
        {
            using var healthy = findings.In("healthy");
            using var field = findings.In("keep-while");
            findings.Error(
                $"{keep} is above at-least, {marks.AtLeast}",
                "at most at-least: services stay up longer than they need to come up"
            );
        }

        using var checks = findings.In("checks");
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < policy.Checks.Count; i++)
        {
            var check = policy.Checks[i];
            using var at = findings.At(i);
            ProbeRules.Check(findings, check);
            if (!ids.Add(check.Id))
            {
                findings.Error($"there is already a check '{check.Id}' here", "a 'name' that tells them apart");
            }

            if (check is { Via: CheckVia.Forwarding, Probe: ExecProbe or IcmpProbe })
            {
                findings.Error($"{check.Probe.Kind} cannot go through the plane", "via: direct");
            }
        }
    }

    private static bool IsMore(Amount one, Amount other) =>
        (one.Share, other.Share) switch
        {
            ({ } a, { } b) => a > b,
            (null, null) => one.Count > other.Count,
            _ => false,
        };
}
