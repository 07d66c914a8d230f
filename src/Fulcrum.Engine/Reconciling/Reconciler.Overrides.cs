using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Overriding;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Problems;

namespace Fulcrum.Engine.Reconciling;

/// <summary>Operators' decisions.</summary>
public sealed partial class Reconciler
{
    private readonly HashSet<Override> _forgetting = [];

    /// <summary>
    /// Complete when the decision is durable and in force; a problem says why it is not. A decision on the same target
    /// takes the place of the one before.
    /// </summary>
    /// <exception cref="JournalException">It could not be kept; nothing changed.</exception>
    public async Task<Problem?> OverrideAsync(Override decision, CancellationToken cancellation)
    {
        if (OverrideRules.Check(_state.Inputs, decision, _time.GetUtcNow()) is { } problem)
        {
            return problem;
        }

        await KeepAsync(decision.Target, decision, cancellation);
        return null;
    }

    /// <summary>Takes a decision back. False: there is none.</summary>
    public async Task<bool> ClearOverrideAsync(OverrideTarget target, CancellationToken cancellation)
    {
        if (!_state.Inputs.Overrides.ContainsKey(target))
        {
            return false;
        }

        await KeepAsync(target, null, cancellation);
        return true;
    }

    private async Task KeepAsync(OverrideTarget target, Override? decision, CancellationToken cancellation)
    {
        await _overrides.KeepAsync(target, decision, cancellation);
        // News goes before requests: when this one is answered, the decision is in force. It is kept already, and
        // nobody may be told that it was refused.
        await AskAsync(_ => ValueTask.FromResult(true), isOwn: true);
    }

    // Expired decisions count no more; here the journal forgets them, too.
    private void ForgetExpired()
    {
        var now = _time.GetUtcNow();
        _forgetting.IntersectWith(_inputs.Overrides.Values);
        foreach (var decision in _inputs.Overrides.Values.Where(decision => decision.Expires <= now))
        {
            if (_forgetting.Add(decision))
            {
                _ = ForgetAsync(decision);
            }
        }
    }

    private async Task ForgetAsync(Override decision)
    {
        try
        {
            await _overrides.ForgetAsync(decision, CancellationToken.None);
        }
        catch (JournalException error)
        {
            LogNotForgotten(decision.Target.ToString(), error.Message);
        }
    }
}
