namespace Fulcrum.Engine.Journaling;

public sealed record JournalChange(string Key, string? Value);

public sealed class JournalException(string m) : Exception(m);

public sealed class Journal
{
    public Fulcrum.Model.Values.Map<string, string> Entries => null!;

    public Task AppendAsync(IReadOnlyList<JournalChange> c) => Task.CompletedTask;
}
