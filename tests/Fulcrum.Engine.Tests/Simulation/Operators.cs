using Fulcrum.Engine.Reconciling;
using Fulcrum.Engine.Sources;
using Fulcrum.Model;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Services;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using Fulcrum.TestKit.Simulation;

namespace Fulcrum.Engine.Tests.Simulation;

/// <summary>Those who ask things of the engine, and remember what it has promised.</summary>
internal sealed class Operators(Random random, SimulatedNode node, RandomConfiguration configuration)
{
    private static readonly Source File = Source.File("edge.yaml");
    private static readonly Source Cluster = new(SourceKind.Kubernetes, "k");
    private static readonly ApplyOrder Order = new() { By = "test", AllowRemovals = true };
    private readonly Kept<OverrideTarget, Override> _overrides = new();
    private readonly Kept<ObjectKey, INamed> _objects = new();
    private readonly List<(Task Asked, object About, Action Answered)> _waiting = [];
    private Snapshot _file = Snapshot.Empty;
    private bool _isApplied;
    private bool _restarted;
    private bool _hadFormerRun;

    /// <summary>How many answers said yes, and how many no.</summary>
    public (int Yes, int No) Seen { get; private set; }

    /// <summary>How many came since the last look.</summary>
    public int Answers { get; private set; }

    public bool IsWaiting => _waiting.Count > 0;

    public void Restart()
    {
        _waiting.Clear();
        (_isApplied, _restarted, _hadFormerRun) = (false, true, true);
    }

    /// <summary>The file as it was, unless it is in force.</summary>
    public void Reapply()
    {
        if (!_isApplied)
        {
            Apply(_file);
        }
    }

    /// <summary>After a restart first the one that was: what the API has made may lean on it.</summary>
    public void ApplyAnother()
    {
        if (!_isApplied && _hadFormerRun)
        {
            Reapply();
            return;
        }

        Apply(_file == Snapshot.Empty ? configuration.Make() : configuration.Change(_file));
    }

    public void Follow()
    {
        if (!_isApplied)
        {
            return;
        }

        var content = Snapshot.Empty;
        if (random.Next(3) > 0)
        {
            var service = configuration.Service(1) with
            {
                Name = "k",
                Upstream = "k",
                Policy = new(),
                Plane = PlaneKind.Auto,
            };
            content = content with
            {
                Services = content.Services.With(service),
                Upstreams = content.Upstreams.With(new RandomUpstream(random).Make("k")),
            };
        }

        Ask(Cluster, () => node.Engine.FollowSourceAsync(Cluster, content), _ => { });
    }

    /// <summary>One transaction over the API's own objects; not before the file that they must fit beside.</summary>
    public void ChangeObjects()
    {
        if (IsAsked(Source.Api) || (!_isApplied && _file != Snapshot.Empty))
        {
            return;
        }

        INamed[] all =
        [
            new RandomUpstream(random).Make("api"),
            configuration.Service(random.Next(5, 7)) with
            {
                Upstream = "api",
                Policy = new(),
            },
            new Vip { Name = "api", Addresses = [InterfaceAddress.Single(RandomConfiguration.AddressOf(9))] },
        ];
        var changes = all.Where(_ => random.Next(2) == 0).Select(ObjectChange.Put).ToList();
        foreach (var (key, _) in _objects.Certain.Where(_ => random.Next(6) == 0))
        {
            changes.RemoveAll(change => change.Key == key);
            changes.Add(ObjectChange.Remove(key.Kind, key.Name));
        }

        changes.ForEach(change => _objects.Asked(change.Key, change.Object));
        Ask(
            Source.Api,
            () => node.Engine.ChangeObjectsAsync(changes, Order),
            result =>
            {
                if (result.Applied)
                {
                    changes.ForEach(change => _objects.Acknowledged(change.Key, change.Object));
                }
            }
        );
    }

    public void Override()
    {
        var target = Target();
        if (IsAsked(target))
        {
            return;
        }

        var action = (OverrideAction)random.Next(4);
        var now = node.Time.GetUtcNow();
        var decision = new Override
        {
            Target = target,
            Action = action,
            Weight = action == OverrideAction.Weight ? random.Next(3) : null,
            Owner = "alice",
            Since = now,
            Expires = random.Next(2) == 0 ? null : now + TimeSpan.FromSeconds(random.Next(1, 20)),
        };
        _overrides.Asked(target, decision);
        Ask(
            target,
            () => node.Engine.OverrideAsync(decision, CancellationToken.None),
            problem =>
            {
                if (problem is null)
                {
                    _overrides.Acknowledged(target, decision);
                }
                else
                {
                    _overrides.Refused(target);
                }
            }
        );
    }

    public void Clear()
    {
        var there = _overrides.Certain.ToList();
        if (there.Count == 0 || there[random.Next(there.Count)].Key is var target && IsAsked(target))
        {
            return;
        }

        _overrides.Asked(target, null);
        Ask(
            target,
            () => node.Engine.ClearOverrideAsync(target, CancellationToken.None),
            _ => _overrides.Acknowledged(target, null)
        );
    }

    /// <summary>What was promised is so.</summary>
    public void Check()
    {
        Answers = _waiting.RemoveAll(waiting =>
        {
            if (waiting.Asked.IsCompleted)
            {
                waiting.Answered();
            }

            return waiting.Asked.IsCompleted;
        });
        var inputs = node.Engine.State.Inputs;
        Rule.Holds(node.Engine.Restored.IsEmpty, string.Join('\n', node.Engine.Restored));
        _overrides.Check(
            "override",
            target => inputs.Overrides[target],
            decision => decision.Expires <= node.Time.GetUtcNow(),
            settle: _restarted
        );
        _restarted = false;
        if (_isApplied)
        {
            var content = node.Engine.Book.ContentOf(Source.Api);
            _objects.Check("object", key => ObjectOf(content, key), _ => false, settle: false);
        }
    }

    private void Apply(Snapshot content) =>
        Ask(
            File,
            () => node.Engine.ApplyAsync(File, content, Order),
            result =>
            {
                if (result.Applied)
                {
                    (_file, _isApplied) = (content, true);
                }
            }
        );

    private void Ask<T>(object about, Func<Task<T>> ask, Action<T> answered)
    {
        if (IsAsked(about))
        {
            return;
        }

        var task = node.Begin(ask);
        _waiting.Add((task, about, Answered));

        void Answered()
        {
            var isYes = task.IsCompletedSuccessfully && task.Result is null or true or ApplyResult { Applied: true };
            node.Told.Add($"{about}: {(isYes ? "yes" : "no")}");
            Seen = isYes ? Seen with { Yes = Seen.Yes + 1 } : Seen with { No = Seen.No + 1 };
            if (task.IsCompletedSuccessfully)
            {
                answered(task.Result);
            }
        }
    }

    private bool IsAsked(object about) => _waiting.Exists(waiting => waiting.About.Equals(about));

    private OverrideTarget Target() =>
        random.Next(5) switch
        {
            0 => new(OverrideTargetKind.Service, $"s{random.Next(1, 5)}"),
            1 => new(OverrideTargetKind.Upstream, Upstream()),
            2 => new(OverrideTargetKind.Host, $"10.0.0.{random.Next(1, 6)}"),
            3 => new(OverrideTargetKind.Node, RandomConfiguration.Node),
            _ => new(OverrideTargetKind.Backend, $"{Upstream()}/m{random.Next(1, 6)}"),
        };

    private string Upstream() => RandomConfiguration.Upstreams[random.Next(2)];

    private static INamed? ObjectOf(Snapshot content, ObjectKey key) =>
        key.Kind switch
        {
            "services" => content.Services.Find(key.Name),
            "upstreams" => content.Upstreams.Find(key.Name),
            _ => content.Vips.Find(key.Name),
        };
}
