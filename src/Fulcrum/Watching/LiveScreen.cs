using System.Text;

namespace Fulcrum.Watching;

/// <summary>
/// Lines that are drawn over those before (ECMA-48). A frame is one write, in which each line takes the place of the
/// old one and only then clears what is left of it: nothing flickers.
/// </summary>
internal sealed class LiveScreen : IAsyncDisposable
{
    private const string Home = "\e[H";
    private const string ClearLine = "\e[K";
    private const string ClearBelow = "\e[J";
    private const string HideCursor = "\e[?25l";
    private const string ShowCursor = "\e[?25h";
    private const string OtherScreen = "\e[?1049h";
    private const string UsualScreen = "\e[?1049l";

    private readonly TextWriter _output;
    private readonly bool _isFull;

    private LiveScreen(TextWriter output, bool isFull) => (_output, _isFull) = (output, isFull);

    /// <param name="isFull">What was there before comes back in the end. Else the last frame stays.</param>
    public static async Task<LiveScreen> OpenAsync(TextWriter output, bool isFull)
    {
        await output.WriteAsync((isFull ? OtherScreen : "") + HideCursor + "\e[2J");
        await output.FlushAsync(CancellationToken.None);
        return new(output, isFull);
    }

    /// <param name="rows">What does not fit below the last of them is left out.</param>
    public async Task DrawAsync(IEnumerable<string> lines, int rows)
    {
        var frame = new StringBuilder(Home);
        // No line end after the last line: it would scroll.
        frame.AppendJoin(ClearLine + "\r\n", lines.Take(Math.Max(1, rows - 1)));
        frame.Append(ClearLine).Append("\r\n").Append(ClearBelow);
        await _output.WriteAsync(frame);
        await _output.FlushAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        // The terminal has written ^C where the cursor was.
        await _output.WriteAsync((_isFull ? UsualScreen : "\r" + ClearLine) + ShowCursor);
        await _output.FlushAsync(CancellationToken.None);
    }
}
