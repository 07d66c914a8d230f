using System.CommandLine;
using Fulcrum.Hosting;
using Fulcrum.Output;

namespace Fulcrum.Commands;

/// <summary>Asks the running node, and says why there is no answer.</summary>
internal static class NodeQuestion
{
    /// <summary>Null: there was none, and the user knows why.</summary>
    public static async Task<T?> AskAsync<T>(
        StateDirectory state,
        InvocationConfiguration console,
        Func<ApiClient, Task<T>> ask
    )
        where T : class
    {
        using var client = new ApiClient(state.Socket);
        try
        {
            return await ask(client);
        }
        catch (ApiException error) when (error.Refusal is { } refusal)
        {
            var title = refusal.Status == 404 ? Sentence(refusal.Title) : $"Not done: {refusal.Title}";
            await console.Error.WriteLineAsync(EndsItself(title) ? title : title + ".");
            foreach (var problem in refusal.Problems)
            {
                await console.Error.WriteLineAsync($"  {problem.ToProblem()}");
            }
        }
        catch (ApiException error)
        {
            await console.Error.WriteLineAsync(
                $"No answer from a running node at {state.Socket}: {error.Message}.\n"
                    + "Start one with 'fulcrum run FILE' or 'fulcrum demo', or say where its state is with --state DIR."
            );
        }

        return null;
    }

    /// <summary>Prints the answer as it is: text that the node made for people, or its document.</summary>
    public static async Task<int> ShowAsync(
        StateDirectory state,
        InvocationConfiguration console,
        HttpMethod method,
        string path,
        HttpContent? body,
        string format,
        CancellationToken cancellation
    )
    {
        var isText = format == "table";
        var answer = await AskAsync(
            state,
            console,
            client => client.ReadAsync(method, path, body, !isText, cancellation)
        );
        if (answer is null)
        {
            return CommandLine.NotSo;
        }

        var shown = isText ? answer : Documents.Of(answer, format);
        await console.Output.WriteLineAsync(shown.TrimEnd('\n'));
        return CommandLine.Fine;
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    // A list of candidates ends without a full stop.
    private static bool EndsItself(string text) => text.EndsWith('?') || text.Contains('\n', StringComparison.Ordinal);
}
