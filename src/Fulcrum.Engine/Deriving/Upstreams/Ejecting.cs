using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>
/// Real traffic that fails takes a member out for a while, twice as long each time it happens again soon, up to a longest
/// time. Never more than a part of the members is out; whoever failed first goes. A complaint that finds no room is not
/// forgotten: its member goes when there is room before the while is over.
/// </summary>
internal static class Ejecting
{
    // With any time that can be told apart from none the longest is reached long before.
    private const int MostInARow = 40;

    public static void Set(UpstreamContext context, List<Member> members, DateTimeOffset now)
    {
        if (context.Upstream.Eject is not { } rule)
        {
            return;
        }

        var on = 0;
        List<(Member Member, EjectionMemory Ejection)>? blamed = null;
        foreach (var member in members)
        {
            member.Ejection = member.Past?.Memory.Ejection ?? Before(context.Remembered(member));
            if (!member.Position.IsOn)
            {
                continue;
            }

            on++;
            var signal = context.Inputs.Passive.IsEmpty
                ? null
                : context.Inputs.Passive[$"{context.Upstream.Name}/{member.Id}"];
            if (Next(rule, member.Ejection, signal) is { } ejection && ejection.Until > now)
            {
                (blamed ??= []).Add((member, ejection));
            }
        }

        if (blamed is not null)
        {
            blamed.Sort(Earlier);
            foreach (var (member, ejection) in blamed.Take(Room(rule.AtMost, on)))
            {
                member.Ejection = ejection;
                member.Health = new(Verdict.Unhealthy, new Ejected(ejection.By.What, ejection.Until));
                member.Wake(ejection.Until);
            }
        }
    }

    private static EjectionMemory? Before(RememberedMember? member) =>
        member?.Complaint is { } complaint
            ? new(complaint, member.Until, Math.Clamp(member.InARow, 1, MostInARow))
            : null;

    // What failed before it came back is what it was out for; only what failed since counts anew.
    private static EjectionMemory? Next(Ejection rule, EjectionMemory? last, PassiveSignal? signal)
    {
        if (signal is null || signal.At < last?.Until || rule.For <= TimeSpan.Zero)
        {
            return last;
        }

        var again = last is not null && signal.At - last.Until < rule.For;
        var inARow = again ? Math.Min(last!.InARow + 1, MostInARow) : 1;
        return new(signal, signal.At + Time(rule, inARow), inARow);
    }

    private static TimeSpan Time(Ejection rule, int inARow)
    {
        var most = rule.Most > rule.For ? rule.Most : rule.For;
        var time = rule.For;
        for (; inARow > 1 && time < most; inARow--)
        {
            time *= 2;
        }

        return time < most ? time : most;
    }

    private static int Room(Amount atMost, int members) =>
        atMost.Share is { } share ? (int)((share * members) + 1e-9) : atMost.Count;

    private static int Earlier((Member Member, EjectionMemory Ejection) a, (Member Member, EjectionMemory Ejection) b)
    {
        var order = a.Ejection.By.At.CompareTo(b.Ejection.By.At);
        return order != 0 ? order : string.CompareOrdinal(a.Member.Id, b.Member.Id);
    }
}
