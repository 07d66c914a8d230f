using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>
/// Puts the decision together, out of the objects of the one before wherever nothing changed: planes, the prober and
/// later decisions find what is new by comparing references.
/// </summary>
internal static class Outcome
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    public static DerivedUpstream Of(
        UpstreamContext context,
        List<Member> members,
        Election election,
        DerivedUpstream? previous,
        DateTimeOffset now
    )
    {
        var count = members.Count;
        var (backends, facts, memories) = (new PlaneBackend[count], new BackendFact[count], new MemberMemory[count]);
        var (probes, numbers) = (new List<ProbeTask>(count), new List<NumberKey>());
        DateTimeOffset? wakeAt = null;
        for (var i = 0; i < count; i++)
        {
            var (member, past) = (members[i], members[i].Past);
            backends[i] = Shared(past?.Plane, ForPlane(context, member, now));
            facts[i] = Shared(past?.Fact, FactOf(member));
            memories[i] = Shared(past?.Memory, MemoryOf(member));
            probes.AddRange(member.Probes.AsSpan());
            AddNumbers(numbers, member);
            wakeAt = wakeAt is null || member.WakeAt < wakeAt ? member.WakeAt ?? wakeAt : wakeAt;
        }

        var memory = new UpstreamMemory
        {
            WasUp = election.WasUp,
            Fell = election.Fell,
            Sufficient = election.Sufficient,
            Members = Shared(previous?.Memory.Members, memories),
        };
        return Shared(
            previous,
            new()
            {
                Plane = Shared(previous?.Plane, PlaneOf(context, Shared(previous?.Plane.Backends, backends))),
                Facts = Shared(previous?.Facts, facts),
                Probes = Shared<ProbeTask>(previous?.Probes, [.. probes]),
                Verdict = election.Verdict,
                Reason = election.Reason,
                Memory = Shared(previous?.Memory, memory),
                Numbers = Shared<NumberKey>(previous?.Numbers, [.. numbers]),
                WakeAt = wakeAt,
            }
        );
    }

    private static PlaneUpstream PlaneOf(UpstreamContext context, Items<PlaneBackend> backends)
    {
        var (connect, defaults) = (context.Upstream.Connect, context.Inputs.Snapshot.Defaults.Connect);
        var retry = connect?.Retry ?? defaults?.Retry ?? Retry.Default;
        return new()
        {
            Name = context.Upstream.Name,
            Backends = backends,
            BySni = context.Upstream.BySni,
            Connect = ConnectOf(context),
            ConnectTimeout = connect?.Timeout ?? defaults?.Timeout ?? ConnectTimeout,
            ConnectRetries = retry.ConnectAttempts,
            RetryWait = retry.Wait,
            RetryBudget = retry.Budget,
            Queue = connect?.Queue ?? defaults?.Queue,
            EjectAfter = context.Upstream.Eject?.ConsecutiveFailures,
            EjectBelow = context.Upstream.Eject?.SuccessRate,
        };
    }

    private static ConnectOptions ConnectOf(UpstreamContext context) =>
        (context.Upstream.Connect ?? ConnectOptions.Unset).Over(context.Inputs.Snapshot.Defaults.Connect);

    private static PlaneBackend ForPlane(UpstreamContext context, Member member, DateTimeOffset now)
    {
        var drain = context.View.Drain;
        var position = member.Position;
        return new()
        {
            Id = member.Id,
            Address = member.Address,
            Path = member.Backend.Address.IsPath ? member.Backend.Address.Name : null,
            Connect = member.Backend.Connect?.Over(ConnectOf(context)),
            Sni = member.Backend.Sni,
            Name = member.Backend.Address is { IsPath: false } address ? address.Name : null,
            IsRemoved = member.RemovedSince is not null,
            Port = member.Backend.Port,
            Weight = member.Weight,
            Duty = member.Duty,
            HasFailed = member.Health.Verdict == Verdict.Unhealthy,
            MaxConnections = member.Backend.MaxConnections,
            ResumeConnections = member.Backend.ResumeConnections,
            DrainUntil = position.DrainUntil,
            // Nobody comes to one that is to be empty already, or that would not answer him.
            AdmitsRemembered =
                drain.Remembered == RememberedClients.Finish
                && !position.IsCut
                && position.DrainUntil > now
                && member.Health.Verdict != Verdict.Unhealthy,
            Number = member.Number?.Value,
            ProbeMark = member.ProbeMark?.Value,
        };
    }

    private static BackendFact FactOf(Member member) =>
        new(member.Id, member.Health.Verdict, member.Reason, member.Position.Weight);

    private static MemberMemory MemoryOf(Member member) =>
        new()
        {
            Id = member.Id,
            Backend = member.Backend,
            Address = member.Address,
            Probes = member.Probes,
            HasServed = member.Duty == BackendDuty.Serve || member.Past is { Memory.HasServed: true },
            RecoveringSince = member.RecoveringSince,
            WasDown = !member.IsAble,
            DrainingSince = member.Position.DrainingSince,
            Ejection = member.Ejection,
            Number = member.Number,
            ProbeMark = member.ProbeMark,
        };

    private static void AddNumbers(List<NumberKey> numbers, Member member)
    {
        if (member.Number is { } number)
        {
            numbers.Add(number.Key);
        }

        if (member.ProbeMark is { } mark)
        {
            numbers.Add(mark.Key);
        }
    }

    private static T Shared<T>(T? before, T after)
        where T : class => after.Equals(before) ? before : after;

    private static Items<T> Shared<T>(Items<T>? before, ReadOnlySpan<T> after)
    {
        if (before is { } items && after.SequenceEqual(items.AsSpan()))
        {
            return items;
        }

        return Items.Create(after);
    }
}
