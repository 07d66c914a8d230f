using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>
/// What is asked of each member, and what the answers say together. Only what is asked now counts: a check that is
/// taken away holds nobody down, and one that is added takes nobody down. Members that are off are asked on, so that it
/// is known how they are when they come back; those that are gone are left in peace.
/// </summary>
internal sealed class Checking
{
    private readonly EngineInputs _inputs;
    private readonly string _upstream;
    private readonly Numbering _numbering;
    private readonly Questions _questions;
    private readonly ProbeTask[] _tasks;

    public Checking(UpstreamContext context, Numbering numbering)
    {
        _inputs = context.Inputs;
        _upstream = context.Upstream.Name;
        _numbering = numbering;
        _questions = new(context);
        _tasks = new ProbeTask[_questions.Checks.Count];
    }

    public void Set(Member member)
    {
        member.Health =
            member.RemovedSince is not null ? new(member.Past!.Fact.Verdict, member.Past.Fact.Reason)
            : member.Address is not null || member.Backend.Address.IsPath ? Ask(member, member.Address)
            : new(Verdict.Unknown, member.Hindrance!);
    }

    private MemberHealth Ask(Member member, IPAddress? address)
    {
        var (health, count) = (MemberHealth.Declared, 0);
        var known = member.Past?.Memory.Probes ?? [];
        for (var i = 0; i < _tasks.Length; i++)
        {
            var check = _questions.Checks[i];
            if (_questions.PortOf(check, member.Backend) is not { } port)
            {
                continue;
            }

            var found = CheckHealth.Unknown;
            if (_numbering.TryMark(check, member, out var mark))
            {
                var task = _questions.Ask(i, member.Backend, address, port, mark, known);
                _tasks[count++] = task;
                found = _inputs.Health[task] ?? found;
            }

            health = health.And(Judge(member.Id, check.Id, found));
        }

        var tasks = _tasks.AsSpan(0, count);
        member.Probes = IsSame(tasks, known) ? known : Items.Create<ProbeTask>(tasks);
        return health;
    }

    private MemberHealth Judge(string backend, string check, CheckHealth found)
    {
        Reason reason = found.Verdict switch
        {
            Verdict.Healthy when found.Score == 0 => new ScoredZero(_upstream, backend, check, found.Reason),
            Verdict.Healthy => new ChecksPassed(),
            Verdict.Unhealthy => new CheckFailed(_upstream, backend, check, found.Reason),
            _ => new NotAsked(_upstream, backend, check),
        };
        return new(found.Verdict, reason, found.Score, found.GoodShare);
    }

    private static bool IsSame(ReadOnlySpan<ProbeTask> tasks, Items<ProbeTask> known) =>
        tasks.SequenceEqual(known.AsSpan());
}
