using Fulcrum.Engine.Journaling.Files;

namespace Fulcrum.Engine.Journaling;

/// <summary>Changes that somebody wants made together, and the promise of an answer.</summary>
internal sealed class JournalBatch
{
    // Whoever waits goes on inside the completion, so that in a simulator one thread does everything in one order.
    private readonly TaskCompletionSource _answer = new();

    /// <exception cref="ArgumentException">A text is not valid Unicode, so that it would not come back as it was.</exception>
    public JournalBatch(IEnumerable<JournalChange> changes)
    {
        Changes = [.. changes];
        Size = Changes.Sum(change => (long)ChangeCodec.Size(change.Key, change.Value));
    }

    /// <summary>Changes nothing: it is answered when all before it are.</summary>
    public static JournalBatch Mark() => new([]) { IsMark = true };

    public bool IsMark { get; private init; }

    public IReadOnlyList<JournalChange> Changes { get; }

    /// <summary>What the changes take in a file.</summary>
    public long Size { get; }

    public Task Answer => _answer.Task;

    public void Succeed() => _answer.TrySetResult();

    public void Fail(JournalException error) => _answer.TrySetException(error);
}
