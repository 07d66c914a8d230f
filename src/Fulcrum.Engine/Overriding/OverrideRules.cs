using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Model.Hosts;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Validation;

namespace Fulcrum.Engine.Overriding;

/// <summary>What an operator's decision must satisfy before it is kept.</summary>
internal static class OverrideRules
{
    private const int MostOverrides = 10_000;
    private const int LongestText = 1000;
    private const int HighestWeight = 65_535;

    /// <summary>Null: nothing is wrong.</summary>
    public static Problem? Check(EngineInputs inputs, Override decision, DateTimeOffset now)
    {
        var target = decision.Target;
        return decision switch
        {
            { Action: OverrideAction.Weight, Weight: null or < 0 or > HighestWeight } => Wrong(
                "the weight is missing or out of range",
                $"0..{HighestWeight}"
            ),
            {
                Action: OverrideAction.Weight,
                Target.Kind: not (OverrideTargetKind.Backend or OverrideTargetKind.Host)
            } => Wrong($"{target} has no weight", "backend/UPSTREAM/NAME or host/ADDRESS"),
            { Action: not OverrideAction.Weight, Weight: not null } => Wrong("only 'weight' takes a weight"),
            { Owner.Length: 0 or > LongestText } or { Reason.Length: > LongestText } => Wrong(
                "owner or reason is empty or too long",
                $"1..{LongestText} characters"
            ),
            _ when decision.Expires <= now => Wrong("it would have expired already", "a time to come"),
            _ when inputs.Overrides.Count >= MostOverrides && !inputs.Overrides.ContainsKey(target) => Wrong(
                $"there are {MostOverrides} overrides already",
                "clear some first: fulcrum clear KIND/NAME"
            ),
            _ => IsThere(inputs, target) ? null : Unknown(inputs, target),
        };

        Problem Wrong(string message, string? expected = null) =>
            new()
            {
                Path = target.ToString(),
                Message = message,
                Expected = expected,
            };
    }

    private static Problem Unknown(EngineInputs inputs, OverrideTarget target) =>
        new()
        {
            Path = target.ToString(),
            Message = $"there is no {target.Kind.ToString().ToLowerInvariant()} '{target.Name}'",
            Suggestion = NearMiss.Of(target.Name, NamesOf(inputs, target.Kind)),
        };

    private static bool IsThere(EngineInputs inputs, OverrideTarget target)
    {
        var snapshot = inputs.Snapshot;
        return target.Kind switch
        {
            OverrideTargetKind.Service => snapshot.Services.Find(target.Name) is not null,
            OverrideTargetKind.Upstream => snapshot.Upstreams.Find(target.Name) is not null,
            OverrideTargetKind.Host => IPAddress.TryParse(target.Name, out var address) && IsHost(inputs, address),
            OverrideTargetKind.Node => snapshot.Nodes.Find(target.Name) is not null || target.Name == inputs.Node,
            _ => NamesOf(inputs, target.Kind).Contains(target.Name),
        };
    }

    private static bool IsHost(EngineInputs inputs, IPAddress address) =>
        new Host(address).MembershipsIn(inputs.Snapshot).Any()
        || inputs.Names.Values.Any(name => name.Addresses.Contains(address))
        || inputs.Members.Values.Any(found => found.Backends.Any(backend => address.Equals(backend.Address.Ip)));

    private static IEnumerable<string> NamesOf(EngineInputs inputs, OverrideTargetKind kind)
    {
        var snapshot = inputs.Snapshot;
        return kind switch
        {
            OverrideTargetKind.Service => snapshot.Services.Select(service => service.Name),
            OverrideTargetKind.Upstream => snapshot.Upstreams.Select(upstream => upstream.Name),
            OverrideTargetKind.Node => snapshot.Nodes.Select(node => node.Name),
            OverrideTargetKind.Host => snapshot
                .Upstreams.SelectMany(upstream => upstream.Backends)
                .Select(backend => backend.Address.ToString())
                .Distinct(StringComparer.Ordinal),
            _ => snapshot
                .Upstreams.SelectMany(upstream => upstream.Backends.Select(backend => $"{upstream.Name}/{backend.Id}"))
                .Concat(inputs.Members.SelectMany(found => found.Value.Backends.Select(b => $"{found.Key}/{b.Id}"))),
        };
    }
}
