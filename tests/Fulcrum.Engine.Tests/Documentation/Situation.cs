using System.Net;
using Fulcrum.Configuration;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Engine.Tracing;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Sources;
using Fulcrum.TestKit.Simulation;

namespace Fulcrum.Engine.Tests.Documentation;

/// <summary>
/// A worked situation of the page: a configuration, what happens then, and questions. It is played on the real engine.
/// </summary>
internal sealed class Situation
{
    private readonly SimulatedNode _node = new SimulatedNode("lb1").Start();

    public Situation(string configuration)
    {
        var loaded = SnapshotLoader.Parse(configuration, "page", ConfigurationFormat.Yaml);
        Assert.Empty(loaded.Problems);
        var applied = _node.Run(() =>
            _node.Engine.ApplyAsync(Source.File("edge.yaml"), loaded.Snapshot!, new() { By = "page" })
        );
        Assert.Empty(applied.Problems);
    }

    /// <summary>One line of what happens.</summary>
    public void Play(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case ["health", var member, var verdict, .. var reason]:
                Report(member, Enum.Parse<Verdict>(verdict, ignoreCase: true), string.Join(' ', reason));
                break;
            case ["wait", var time]:
                Assert.True(DurationText.TryParse(time, out var span), line);
                _node.Advance(span);
                break;
            case ["role", var announcement, var role]:
                _node.Do(() => _node.Engine.OnRole(announcement, Enum.Parse<Role>(role, ignoreCase: true)));
                break;
            case [var action, var target, "by", var owner, "for", var time, .. var reason]:
                Assert.True(DurationText.TryParse(time, out var until), line);
                Decide(action, target, owner, _node.Time.GetUtcNow() + until, string.Join(' ', reason));
                break;
            default:
                Assert.Fail($"not understood: {line}");
                break;
        }

        // News of good health is gathered for a moment.
        _node.Advance(TimeSpan.FromMilliseconds(10));
    }

    /// <summary>What a command of the page prints.</summary>
    public string Ask(string command)
    {
        switch (command.Split(' '))
        {
            case ["fulcrum", "explain", var text]:
                Assert.True(Subject.TryParse(text, out var subject), command);
                return Explainer.Explain(_node.Engine.State, subject)!.ToText();
            case ["fulcrum", "trace", var protocol, var source, var destination]:
                return Tracer
                    .Trace(
                        _node.Engine.State,
                        new(
                            Enum.Parse<TraceProtocol>(protocol, ignoreCase: true),
                            IPEndPoint.Parse(source),
                            IPEndPoint.Parse(destination)
                        )
                    )
                    .ToText();
            default:
                Assert.Fail($"not understood: {command}");
                return "";
        }
    }

    private void Report(string member, Verdict verdict, string reason)
    {
        var slash = member.IndexOf('/', StringComparison.Ordinal);
        var upstream = _node.Engine.State.Inputs.Snapshot.Upstreams.Find(member[..slash])!;
        var backend = ((IEnumerable<Model.Upstreams.Backend>)upstream.Backends).Single(one =>
            one.Id == member[(slash + 1)..]
        );
        var since = _node.Time.GetUtcNow();
        foreach (var task in _node.Seekers.Probes.Keys.Where(task => task.Address.Equals(backend.Address.Ip)))
        {
            _node.Do(() => _node.Engine.OnHealth(task, new(verdict, since, reason, null)));
        }
    }

    private void Decide(string action, string target, string owner, DateTimeOffset expires, string reason)
    {
        Assert.True(OverrideTarget.TryParse(target, out var parsed), target);
        var decision = new Override
        {
            Target = parsed,
            Action = Enum.Parse<OverrideAction>(action, ignoreCase: true),
            Owner = owner,
            Reason = reason.Length > 0 ? reason : null,
            Since = _node.Time.GetUtcNow(),
            Expires = expires,
        };
        Assert.Null(_node.Run(() => _node.Engine.OverrideAsync(decision, CancellationToken.None)));
    }
}
