using System.Text;

namespace Fulcrum.TestKit.Peers;

/// <summary>What a process printed, both streams in the order of arrival; the newest lines, up to a bound.</summary>
public sealed class LogCapture
{
    private const int MostLines = 20_000;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();

    /// <summary>A copy of what is held now.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return _lines.ToArray();
            }
        }
    }

    /// <summary>Whether some line contains <paramref name="text"/>.</summary>
    public bool Contains(string text)
    {
        lock (_lock)
        {
            return _lines.Any(line => line.Contains(text, StringComparison.Ordinal));
        }
    }

    /// <summary>The last lines as one text.</summary>
    public string Tail(int lines)
    {
        var text = new StringBuilder();
        foreach (var line in Lines.TakeLast(lines))
        {
            text.AppendLine(line);
        }

        return text.ToString();
    }

    internal void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            _lines.Enqueue(line);
            if (_lines.Count > MostLines)
            {
                _lines.Dequeue();
            }
        }
    }
}
