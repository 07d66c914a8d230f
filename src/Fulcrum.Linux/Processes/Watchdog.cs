namespace Fulcrum.Linux.Processes;

/// <summary>
/// Gives the service manager its sign of life, and only as long as everything that matters lives: each part is asked
/// for an answer three times within the manager's patience, and there is a sign only when all have answered what they
/// were asked last. A part that hangs is not asked again until it answers, so nothing piles up before it.
/// </summary>
/// <param name="patience">How long the manager waits for a sign.</param>
/// <param name="parts">Names and questions; a question that fails is not answered.</param>
/// <param name="alive">The sign.</param>
/// <param name="ear">Hears who hangs and who is back.</param>
public sealed class Watchdog(
    TimeSpan patience,
    IEnumerable<(string Name, Func<Task> Ask)> parts,
    Action alive,
    IWatchdogEar ear,
    TimeProvider time
)
{
    private readonly Part[] _parts = [.. parts.Select(part => new Part(part.Name, part.Ask))];

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(patience / 3, time);
        Ask();
        while (await timer.WaitForNextTickAsync(stop))
        {
            // All are looked at: each that hangs is told.
            if (_parts.Count(HasAnswered) == _parts.Length)
            {
                alive();
            }

            Ask();
        }
    }

    private void Ask()
    {
        foreach (var part in _parts.Where(part => part.Answer.IsCompleted))
        {
            part.Asked = part.HangsSince ?? time.GetTimestamp();
            part.Answer = AnswerOf(part);
        }
    }

    private bool HasAnswered(Part part)
    {
        if (!part.Answer.IsCompletedSuccessfully)
        {
            if (part.HangsSince is null)
            {
                part.HangsSince = part.Asked;
                ear.Hangs(part.Name, time.GetElapsedTime(part.Asked));
            }

            return false;
        }

        if (part.HangsSince is { } since)
        {
            part.HangsSince = null;
            ear.Answers(part.Name, time.GetElapsedTime(since));
        }

        return true;
    }

    private static async Task AnswerOf(Part part) => await part.Ask();

    private sealed class Part(string name, Func<Task> ask)
    {
        public string Name => name;

        public Func<Task> Ask => ask;

        public Task Answer { get; set; } = Task.CompletedTask;

        public long Asked { get; set; }

        public long? HangsSince { get; set; }
    }
}
