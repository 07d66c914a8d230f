namespace Fulcrum.TestKit.Load;

/// <summary>
/// A number of independent clients that ask again and again until the run is stopped or each has asked often
/// enough. Clients follow one another's failures in nothing: each counts for itself into one report.
/// </summary>
public abstract class LoadRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _clients = Task.CompletedTask;

    /// <summary>What was seen so far.</summary>
    public LoadReport Report { get; } = new();

    /// <summary>Waits until at least so many further answers were good; proof that the load flows.</summary>
    /// <exception cref="TimeoutException">They were not; holds the report.</exception>
    public async Task WaitForSuccesses(long further)
    {
        var goal = Report.Successes + further;
        try
        {
            await Wait.Until(() => Report.Successes >= goal, $"{further} further good answers");
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; {Report}", e);
        }
    }

    /// <summary>Lets each client finish the request that it is at, and ends the run.</summary>
    public async Task<LoadReport> Stop()
    {
        await _stopping.CancelAsync();
        return await Completion();
    }

    /// <summary>Waits until all clients have asked as often as they were told to.</summary>
    public async Task<LoadReport> Completion()
    {
        await Wait.For(_clients, "the clients of a load run to end", TimeSpan.FromMinutes(10));
        return Report;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the clients; each runs <paramref name="client"/> with its number and the sign to stop.</summary>
    private protected void Start(int clients, Func<int, CancellationToken, Task> client) =>
        _clients = Task.WhenAll(
            Enumerable.Range(0, clients).Select(number => Task.Run(() => client(number, _stopping.Token))).ToArray()
        );
}
