using System.Text.RegularExpressions;
using Fulcrum.TestKit;

namespace Fulcrum.EndToEnd.Tests.FirstHour;

/// <summary>
/// <c>docs/first-hour.md</c> as what it has its reader do. There are three kinds of blocks: <c>console</c> holds commands
/// and what they say, <c>yaml</c> a file whose first line names it, <c>text TERMINAL</c> what a terminal has said since.
/// Any other is an error, so that no block is left out.
/// </summary>
internal static partial class Page
{
    private const string Fence = "```";

    public static string Path { get; } = Repository.PathOf("docs", "first-hour.md");

    public static IReadOnlyList<IBlock> Read() => Read(File.ReadAllLines(Path));

    public static IReadOnlyList<IBlock> Read(IReadOnlyList<string> lines)
    {
        var blocks = new List<IBlock>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (!lines[i].Contains(Fence, StringComparison.Ordinal))
            {
                continue;
            }

            var first = i + 1;
            var body = lines.Skip(first).TakeWhile(line => line != Fence).ToList();
            Assert.True(first + body.Count < lines.Count, $"line {first}: the block does not end");
            i = first + body.Count;
            blocks.AddRange(Blocks(lines[first - 1], body, first));
        }

        return blocks;
    }

    /// <param name="line">The number of the line with the fence.</param>
    private static IEnumerable<IBlock> Blocks(string fence, List<string> body, int line) =>
        fence[Fence.Length..].Split(' ') switch
        {
            ["console"] => Commands(body, line),
            ["yaml"] when body is [['#', ' ', .. var path], ..] => [new FileBlock(line, path, string.Join('\n', body))],
            ["text", var terminal] => [new OutputBlock(line, terminal, body)],
            _ => throw new InvalidOperationException(
                $"line {line}: '{fence}'; expected a block of console, of yaml with the file's name, or of text with the terminal's"
            ),
        };

    private static IEnumerable<CommandBlock> Commands(List<string> body, int line)
    {
        for (var i = 0; i < body.Count; )
        {
            var at = line + i + 1;
            var prompt = Prompt().Match(body[i]);
            Assert.True(prompt.Success, $"line {at}: '{body[i]}' belongs to no command");
            var command = new List<string> { prompt.Groups["command"].Value };
            i++;
            while (command[^1].EndsWith('\\'))
            {
                command.Add(body[i++]);
            }

            var output = body.Skip(i).TakeWhile(said => !Prompt().IsMatch(said)).ToList();
            i += output.Count;
            yield return new(at, prompt.Groups["terminal"].Value, string.Join('\n', command), output);
        }
    }

    [GeneratedRegex("^(?<terminal>[a-z]*)# (?<command>.+)$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Prompt();
}
