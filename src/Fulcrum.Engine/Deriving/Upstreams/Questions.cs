using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>What the checks of a view ask, with every default filled in. The same question stays the same object.</summary>
internal sealed class Questions
{
    private readonly CheckTiming[] _timings;
    private readonly int? _listenerPort;
    private readonly int _samples;
    private readonly IPAddress? _probedAt;

    public Questions(UpstreamContext context)
    {
        Checks = context.View.Policy.Checks;
        _listenerPort = context.View.ListenerPort;
        _probedAt = context.View.ProbedAt;
        _samples = context.Upstream.Recovery is { Mode: RecoveryMode.History } history ? history.Samples : 0;
        _timings = new CheckTiming[Checks.Count];
        var defaults = context.Inputs.Snapshot.Defaults.Check.Over(CheckTiming.BuiltIn);
        for (var i = 0; i < _timings.Length; i++)
        {
            _timings[i] = Checks[i].Timing.Over(defaults);
        }
    }

    public Items<Check> Checks { get; }

    /// <summary>Some of the checks go to the vip, and a plane in the kernel carries them to the backend.</summary>
    public static bool GoThroughThePlane(Policy policy)
    {
        if (policy.Forward is Forwarding.Nat or Forwarding.Dsr or Forwarding.Tunnel)
        {
            foreach (var check in policy.Checks)
            {
                if (check.Via == CheckVia.Forwarding)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Null: nothing says which. An echo request needs none, and asks for all backends of a machine at once.</summary>
    public int? PortOf(Check check, Backend backend) =>
        check.Probe is IcmpProbe || backend.Address.IsPath
            ? 0
            : check.Port ?? backend.Port ?? _listenerPort ?? (check.Probe is ExecProbe ? 0 : null);

    /// <param name="index">Of the check.</param>
    /// <param name="backend">Who is asked.</param>
    /// <param name="address">Where it is; null: its address is the path of a Unix socket.</param>
    /// <param name="port">That is asked.</param>
    /// <param name="mark">Leads the probe through a plane.</param>
    /// <param name="known">What was asked of it before.</param>
    public ProbeTask Ask(int index, Backend backend, IPAddress? address, int port, int? mark, Items<ProbeTask> known)
    {
        var (check, timing) = (Checks[index], _timings[index]);
        var task = new ProbeTask
        {
            Probe = check.Probe,
            Address = (mark is null ? address : _probedAt) ?? IPAddress.None,
            Path = address is null ? backend.Address.Name : null,
            Name = address is null ? null : backend.Address.Name,
            Port = mark is null ? port : check.Port ?? _listenerPort ?? port,
            Paused = check.Paused,
            Interval = timing.Interval!.Value,
            FastInterval = timing.FastInterval,
            DownInterval = timing.DownInterval,
            Timeout = timing.Timeout!.Value,
            Rise = timing.Rise!.Value,
            Fall = timing.Fall!.Value,
            Source = check.Source,
            Samples = _samples,
            Mark = mark,
            Through = mark is null ? null : address,
        };
        foreach (var former in known)
        {
            if (former == task)
            {
                return former;
            }
        }

        return task;
    }
}
