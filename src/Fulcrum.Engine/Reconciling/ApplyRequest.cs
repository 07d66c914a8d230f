using Fulcrum.Model;
using Fulcrum.Model.Problems;

namespace Fulcrum.Engine.Reconciling;

/// <summary>A snapshot that somebody wants applied, and the promise of an answer.</summary>
internal sealed class ApplyRequest(Snapshot snapshot)
{
    private readonly TaskCompletionSource<ApplyResult> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public Snapshot Snapshot { get; } = snapshot;

    public Task<ApplyResult> Answer => _answer.Task;

    public void Succeed(long generation) => _answer.TrySetResult(new(generation, []));

    public void Fail(IReadOnlyList<Problem> problems) => _answer.TrySetResult(new(null, problems));

    public void Cancel() => _answer.TrySetCanceled();
}

/// <summary>How applying a snapshot ended: whole, or not at all.</summary>
/// <param name="Generation">The generation that is in force now; null when nothing was changed.</param>
/// <param name="Problems">Why nothing was changed.</param>
public sealed record ApplyResult(long? Generation, IReadOnlyList<Problem> Problems)
{
    public bool Applied => Generation is not null;
}
