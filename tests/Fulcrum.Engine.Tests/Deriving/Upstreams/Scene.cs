using System.Globalization;
using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tests.Deriving.Upstreams;

/// <summary>
/// One view of one upstream, step by step: something happens, and it is decided again. Members are written as words:
/// <c>H</c> healthy, <c>X</c> unhealthy, <c>?</c> never asked; then <c>d</c> disabled, <c>p</c> planned,
/// <c>t</c> terminating, <c>s</c> not ready, <c>w0</c> weight 0, <c>1</c> priority 1: <c>"H H X Hd H1"</c>. They are
/// called a, b, c and so on.
/// </summary>
internal sealed class Scene
{
    public const string Name = "web";

    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string[] _words;

    public Scene(string members, Policy? policy = null)
    {
        _words = members.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Policy = policy ?? new Policy { Checks = [Snapshots.TcpCheck] };
        Upstream = new() { Name = Name, Backends = Items.From(_words.Select(BackendOf)) };
    }

    public Upstream Upstream { get; set; }

    public Policy Policy { get; set; }

    public DrainOptions Drain { get; set; } = DrainOptions.Default;

    public EngineInputs Inputs { get; set; } = EngineInputs.Nothing;

    public int? ListenerPort { get; set; } = 8080;

    /// <summary>Null: it listens everywhere.</summary>
    public IPAddress? ListenerAddress { get; set; } = IPAddress.Parse("192.0.2.80");

    public DateTimeOffset Now { get; set; } = Start;

    /// <summary>The last decision; null: none was made yet.</summary>
    public DerivedUpstream? Last { get; set; }

    public LedgerDraft Numbers { get; } = new(Ledger.Empty, Start);

    /// <summary>The duties in one word: S serves, R rests, D drains.</summary>
    public string Duties => string.Concat(Last!.Plane.Backends.Select(backend => backend.Duty.ToString()[0]));

    public string Weights => string.Join(' ', Last!.Plane.Backends.Select(backend => backend.Weight));

    public static Amount Amount(string text) =>
        text.EndsWith('%')
            ? Model.Values.Amount.OfShare(double.Parse(text[..^1], CultureInfo.InvariantCulture) / 100)
            : Model.Values.Amount.OfCount(int.Parse(text, CultureInfo.InvariantCulture));

    public static Watermarks Marks(string atLeast, string? keepWhile = null, WhenNone whenNone = WhenNone.Fail) =>
        new()
        {
            AtLeast = Amount(atLeast),
            KeepWhile = keepWhile is null ? null : Amount(keepWhile),
            WhenNone = whenNone,
        };

    /// <summary>Everything is asked, and answers as written.</summary>
    public Scene Answered()
    {
        _ = Decide();
        for (var i = 0; i < _words.Length; i++)
        {
            if (_words[i][0] != '?' && !_words[i].Contains('p', StringComparison.Ordinal))
            {
                Say(Id(i), _words[i][0] == 'H' ? Verdict.Healthy : Verdict.Unhealthy);
            }
        }

        return this;
    }

    public Scene At(double seconds)
    {
        Now = Start + TimeSpan.FromSeconds(seconds);
        return this;
    }

    public UpstreamContext Context()
    {
        var probedAt = Questions.GoThroughThePlane(Policy) ? ListenerAddress : null;
        return new(Inputs, Upstream, new(Name, Policy, ListenerPort, Drain, probedAt), Numbers);
    }

    public DerivedUpstream Decide() => Last = UpstreamDerivation.Derive(Context(), Last, Now);

    /// <summary>All checks of a member, or one of them, find this.</summary>
    public void Say(
        string member,
        Verdict verdict,
        int? check = null,
        double? score = null,
        double? share = null,
        string? why = null
    )
    {
        var probes = Last!.Memory.Members.First(memory => memory.Id == member).Probes;
        for (var i = 0; i < probes.Count; i++)
        {
            if (check is null || check == i)
            {
                var reason = why ?? (verdict == Verdict.Healthy ? "healthy" : "connection refused");
                var health = new CheckHealth(verdict, Now, reason, null) { Score = score, GoodShare = share };
                Inputs = Inputs with { Health = Inputs.Health.With(probes[i], health) };
            }
        }
    }

    public void Override(
        OverrideTargetKind kind,
        string target,
        OverrideAction action,
        int? weight = null,
        double? expires = null
    )
    {
        var on = new OverrideTarget(kind, target);
        var decision = new Override
        {
            Target = on,
            Action = action,
            Weight = weight,
            Owner = "alice",
            Since = Now,
            Expires = expires is { } after ? Start + TimeSpan.FromSeconds(after) : null,
        };
        Inputs = Inputs with { Overrides = Inputs.Overrides.With(on, decision) };
    }

    public void Change(string member, Func<Backend, Backend> change) =>
        Upstream = Upstream with
        {
            Backends = Items.From(
                Upstream.Backends.Select(backend => backend.Id == member ? change(backend) : backend)
            ),
        };

    public void Remove(string member) =>
        Upstream = Upstream with { Backends = Items.From(Upstream.Backends.Where(backend => backend.Id != member)) };

    public BackendFact Fact(string member) => Last!.Facts.First(fact => fact.Id == member);

    public PlaneBackend Plane(string member) => Last!.Plane.Backends.First(backend => backend.Id == member);

    /// <summary>Seconds from the start until it is looked at again; null: not without news.</summary>
    public double? WakesAfter => Last!.WakeAt is { } at ? (at - Start).TotalSeconds : null;

    public static string Id(int index) => ((char)('a' + index)).ToString();

    private static Backend BackendOf(string word, int index) =>
        new()
        {
            Name = Id(index),
            Address = HostAddress.Of(new IPAddress([10, 0, 0, (byte)(index + 1)])),
            Port = 80,
            Weight = word.Contains("w0", StringComparison.Ordinal) ? 0 : 1,
            Priority = word.Length > 1 && char.IsAsciiDigit(word[1]) ? word[1] - '0' : 0,
            Status =
                word.Contains('d', StringComparison.Ordinal) ? BackendStatus.Disabled
                : word.Contains('p', StringComparison.Ordinal) ? BackendStatus.Planned
                : BackendStatus.Enabled,
            State =
                word.Contains('t', StringComparison.Ordinal) ? BackendState.Terminating
                : word.Contains('s', StringComparison.Ordinal) ? BackendState.Serving
                : BackendState.Ready,
        };
}
