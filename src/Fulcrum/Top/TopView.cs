using Fulcrum.Getting;
using Fulcrum.Hosting;
using Fulcrum.Output;
using Fulcrum.Watching;

namespace Fulcrum.Top;

/// <summary><c>fulcrum top</c>: asks, draws, and does what keys say.</summary>
internal sealed class TopView(ApiClient client, bool isOfBackends, Surroundings around)
{
    private const int MostItems = 100_000;

    private readonly long _start = around.Time.GetTimestamp();
    private TopModel _model = new(isOfBackends);
    private TopSort _sort = TopSort.Sessions;
    private bool _isReversed;

    /// <summary>Two samples and one screen.</summary>
    /// <exception cref="ApiException">No answer.</exception>
    public async Task<string> OnceAsync(TimeSpan every, CancellationToken cancellation)
    {
        await SampleAsync(cancellation);
        await Task.Delay(every, around.Time, cancellation);
        await SampleAsync(cancellation);
        return string.Join('\n', TopScreen.Lines(_model, _sort, _isReversed, around.Look(), null));
    }

    /// <summary>A line of JSON for each sample, until somebody has enough.</summary>
    /// <param name="isOnce">One line, of two samples.</param>
    /// <exception cref="ApiException">The node has refused the first question.</exception>
    public async Task StreamAsync(TimeSpan every, bool isOnce, CancellationToken cancellation)
    {
        using var interrupt = new Interrupt(cancellation);
        await new LiveLoop(around.Time, every).RunAsync(
            SampleAsync,
            async reading =>
            {
                if (reading.Trouble is { } trouble)
                {
                    await around.Error.WriteLineAsync($"No answer: {trouble}.");
                }
                else if (!isOnce || _model.Interval is not null)
                {
                    await around.Output.WriteLineAsync(Documents.Line(_model.ToJson(reading.At)));
                    await around.Output.FlushAsync(CancellationToken.None);
                    return !isOnce;
                }

                return true;
            },
            interrupt.Token
        );
    }

    /// <exception cref="ApiException">The node has refused the first question.</exception>
    public async Task RunAsync(TimeSpan every, CancellationToken cancellation)
    {
        using var interrupt = new Interrupt(cancellation);
        var loop = new LiveLoop(around.Time, every);
        interrupt.OnResize(loop.Redraw);
        await using var screen = await LiveScreen.OpenAsync(around.Output, isFull: true);
        Listen(loop, interrupt);
        await loop.RunAsync(
            SampleAsync,
            async reading =>
            {
                var look = around.Look();
                var trouble = reading.Trouble is { } why
                    ? $"No answer: {why}; asking again in {Spans.Age(reading.AskedAgain - look.Now + TimeSpan.FromSeconds(0.5))}"
                    : null;
                var rows = around.Rows;
                var lines = TopScreen.Lines(_model, _sort, _isReversed, look, rows, trouble).ToList();
                lines.AddRange(Enumerable.Repeat("", Math.Max(0, rows - 2 - lines.Count)));
                lines.Add(TopScreen.Keys(look));
                await screen.DrawAsync(lines, rows);
                return true;
            },
            interrupt.Token
        );
    }

    // A thread of its own, which goes with the process: reading keys cannot be called off. While it reads, the terminal
    // does not echo.
    private void Listen(LiveLoop loop, Interrupt interrupt)
    {
        if (!around.HasKeys)
        {
            return;
        }

        var end = interrupt.Token;
        var keys = new Thread(() =>
        {
            while (!end.IsCancellationRequested)
            {
                if (!Press(Console.ReadKey(intercept: true)))
                {
                    interrupt.End();
                    return;
                }

                loop.Redraw();
            }
        })
        {
            IsBackground = true,
            Name = "keys",
        };
        keys.Start();
    }

    // False: enough.
    private bool Press(ConsoleKeyInfo key)
    {
        var sorts = Enum.GetValues<TopSort>().Length;
        switch (key)
        {
            case { KeyChar: 'q' or 'Q' } or { Key: ConsoleKey.Escape }:
                return false;
            case { Key: ConsoleKey.Tab, Modifiers: not ConsoleModifiers.Shift } or { Key: ConsoleKey.RightArrow }:
                _sort = (TopSort)(((int)_sort + 1) % sorts);
                break;
            case { Key: ConsoleKey.Tab } or { Key: ConsoleKey.LeftArrow }:
                _sort = (TopSort)(((int)_sort + sorts - 1) % sorts);
                break;
            case { KeyChar: 'r' } or { Key: ConsoleKey.UpArrow or ConsoleKey.DownArrow }:
                _isReversed = !_isReversed;
                break;
            case { KeyChar: 's' } when _model.IsOfBackends:
                _model = new(isOfBackends: false);
                break;
            case { KeyChar: 'b' } when !_model.IsOfBackends:
                _model = new(isOfBackends: true);
                break;
        }

        return true;
    }

    private async Task<TopModel> SampleAsync(CancellationToken cancellation)
    {
        var model = _model;
        var list = await new ObjectQuery(model.Kind, null, [], MostItems).ReadAsync(client, cancellation);
        model.Add(list.Items, around.Time.GetElapsedTime(_start).TotalSeconds);
        return model;
    }
}
