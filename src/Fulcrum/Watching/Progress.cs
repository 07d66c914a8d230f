using Fulcrum.Output;

namespace Fulcrum.Watching;

/// <summary>
/// One line beside the output that says what takes so long, after a second, and goes when it is done. Where nobody sees
/// it, there is none.
/// </summary>
internal sealed class Progress(Surroundings around, string what) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _done = new();
    private readonly long _start = around.Time.GetTimestamp();
    private string _detail = "";
    private Task _shown = Task.CompletedTask;

    public static Progress Start(Surroundings around, string what)
    {
        var progress = new Progress(around, what);
        progress._shown = around.IsErrorTerminal ? progress.ShowAsync() : Task.CompletedTask;
        return progress;
    }

    /// <summary>What is to be said behind it from now on.</summary>
    public void Tell(string detail) => Volatile.Write(ref _detail, detail);

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _shown;
        _done.Dispose();
    }

    private async Task ShowAsync()
    {
        var isShown = false;
        try
        {
            while (true)
            {
                await Task.Delay(Patience, around.Time, _done.Token);
                var detail = Volatile.Read(ref _detail);
                var line =
                    $"{what}{(detail.Length > 0 ? $": {detail}" : "")} ({Spans.Age(around.Time.GetElapsedTime(_start))})";
                var width = around.Size()?.Columns ?? 80;
                await around.Error.WriteAsync($"\r{Table.Fit(line, width - 1, false, around.Look())}\e[K");
                isShown = true;
            }
        }
        catch (OperationCanceledException)
        {
            await around.Error.WriteAsync(isShown ? "\r\e[K" : "");
        }
    }
}
