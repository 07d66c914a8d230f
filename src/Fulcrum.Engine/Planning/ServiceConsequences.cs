using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;

namespace Fulcrum.Engine.Planning;

/// <summary>
/// What becomes of services and their listeners. A listener is the same while its plane has it, under whatever policy
/// and for whichever service.
/// </summary>
internal sealed class ServiceConsequences
{
    private readonly DerivedState _before;
    private readonly DerivedState _after;
    private readonly Dictionary<(PlaneKind, Listener), string> _heldBefore;
    private readonly Dictionary<(PlaneKind, Listener), string> _heldAfter;

    private ServiceConsequences(DerivedState before, DerivedState after)
    {
        (_before, _after) = (before, after);
        (_heldBefore, _heldAfter) = (Held(before), Held(after));
    }

    /// <summary>In the order of names: of services that change themselves, or that are carried otherwise.</summary>
    public static IEnumerable<Consequence> Of(Plan plan, DerivedState before, DerivedState after)
    {
        var consequences = new ServiceConsequences(before, after);
        return plan
            .Changes.Where(change => change.ObjectKind == "services")
            .Select(change => change.Name)
            .Concat(
                after
                    .Services.ChangesSince(before.Services)
                    .Where(change => CarrierOf(change.Before) != CarrierOf(change.After))
                    .Select(change => change.Key)
            )
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .SelectMany(consequences.Of);
    }

    private IEnumerable<Consequence> Of(string name)
    {
        var subject = new Subject(SubjectKind.Service, name);
        var (before, after) = (_before.Services[name], _after.Services[name]);
        var (old, now) = (CarrierOf(before), CarrierOf(after));
        if (now is null && after is { Reason: not NotConfigured })
        {
            yield return new(subject, null, Effect.Waits, $"is not carried: {after.Reason.Text}");
        }

        if (old is not null && now is not null && old != now)
        {
            var rest = Rest(before!);
            yield return new(
                subject,
                null,
                Effect.Moves,
                $"moves from {Words.Of(old.Value)} to {Words.Of(now.Value)}: {rest}"
            );
        }

        foreach (var listener in old is { } plane ? Listeners(before!) : [])
        {
            yield return Former(subject, listener, old!.Value, before!);
        }

        foreach (var listener in now is { } carrier ? Listeners(after!) : [])
        {
            if (_heldBefore.GetValueOrDefault((now!.Value, listener)) is not { } holder)
            {
                yield return new(subject, listener.ToString(), Effect.Opens, $"is opened by {Words.Of(now.Value)}");
            }
            else if (holder != name)
            {
                yield return new(
                    subject,
                    listener.ToString(),
                    Effect.Moves,
                    $"comes from {Service(holder)} without being closed"
                );
            }
        }
    }

    private Consequence Former(Subject subject, Listener listener, PlaneKind plane, DerivedService before)
    {
        var holder = _heldAfter.GetValueOrDefault((plane, listener));
        return holder == subject.Name ? new(subject, listener.ToString(), Effect.Stays, "stays: keeps its connections")
            : holder is not null
                ? new(
                    subject,
                    listener.ToString(),
                    Effect.Moves,
                    $"goes to {Service(holder)} without being closed: {Rest(before)}"
                )
            : new(subject, listener.ToString(), Effect.Closes, $"is closed by {Words.Of(plane)}: {Rest(before)}");
    }

    private static string Service(string name) => new Subject(SubjectKind.Service, name).ToString();

    /// <summary>What is left to those who are connected.</summary>
    private static string Rest(DerivedService service) => Deadlines.Text(service.Plane!.Sessions.Drain.Deadline);

    // One that is leaving is told to its plane only until the network has heard.
    private static PlaneKind? CarrierOf(DerivedService? service) =>
        service is { Leaving: false, Plane: not null } ? service.Carrier : null;

    private static IEnumerable<Listener> Listeners(DerivedService service) =>
        service.Plane!.Listeners.Select(listener => listener.Listener with { Policy = Policy.Unset });

    private static Dictionary<(PlaneKind, Listener), string> Held(DerivedState state)
    {
        var held = new Dictionary<(PlaneKind, Listener), string>();
        foreach (var (name, service) in state.Services.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            foreach (var listener in CarrierOf(service) is null ? [] : Listeners(service))
            {
                held.TryAdd((service.Carrier!.Value, listener), name);
            }
        }

        return held;
    }
}
