using System.Globalization;

namespace Fulcrum.Protocols.Agent;

/// <summary>The words of a line. What is no word of ours is passed over, as long as something is.</summary>
internal static class AgentWords
{
    private const double MostWeight = 2.56;
    private const string MaxConnections = "maxconn:";

    public static (AgentReply? Reply, string? Error) Read(string line)
    {
        var sharp = line.IndexOf('#', StringComparison.Ordinal);
        var reply = new AgentReply(null, null, null, sharp < 0 ? null : ReasonOf(line[(sharp + 1)..]));
        string? unknown = null;
        foreach (
            var word in (sharp < 0 ? line : line[..sharp]).Split(
                [' ', '\t', ','],
                StringSplitOptions.RemoveEmptyEntries
            )
        )
        {
            if (StateOf(word) is { } state)
            {
                reply = reply with { State = reply.State > state ? reply.State : state };
            }
            else if (WeightOf(word) is { } weight)
            {
                reply = reply with { Weight = weight };
            }
            else if (MaxConnectionsOf(word) is { } most)
            {
                reply = reply with { MaxConnections = most };
            }
            else
            {
                unknown ??= word;
            }
        }

        return reply is { State: null, Weight: null, MaxConnections: null }
            ? (null, unknown is null ? "it says nothing" : $"it says '{ReasonOf(unknown)}'")
            : (reply, null);
    }

    public static AgentState? StateOf(string word) =>
        word.ToLowerInvariant() switch
        {
            "up" or "ready" => AgentState.Up,
            "drain" => AgentState.Drain,
            "down" or "fail" or "failed" or "stopped" => AgentState.Down,
            "maint" => AgentState.Maintenance,
            _ => null,
        };

    public static double? WeightOf(string word) =>
        word.EndsWith('%')
        && double.TryParse(word[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            ? Bounded(percent / 100)
            : null;

    /// <summary>Not more than can be; null when it is below nothing.</summary>
    public static double? Bounded(double weight) => weight >= 0 ? Math.Min(weight, MostWeight) : null;

    /// <summary>A reason made fit to be told: without control characters; null when nothing is left.</summary>
    public static string? ReasonOf(string text)
    {
        var clean = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return clean.Length == 0 ? null : clean;
    }

    private static int? MaxConnectionsOf(string word) =>
        word.StartsWith(MaxConnections, StringComparison.OrdinalIgnoreCase)
        && int.TryParse(
            word.AsSpan(MaxConnections.Length),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var most
        )
            ? most
            : null;
}
