using System.CommandLine;
using System.Net;
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
        var place = state.Socket;
        try
        {
            var target = ApiTarget.Choose(state.Socket);
            place = target.ToString();
            using var client = new ApiClient(target);
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

            if (refusal.Status == (int)HttpStatusCode.Unauthorized)
            {
                await console.Error.WriteLineAsync(
                    "Say who you are with --token-file FILE or $FULCRUM_TOKEN ('fulcrum token create' on the node makes a token), or with --cert FILE."
                );
            }
        }
        catch (ApiException error)
        {
            await console.Error.WriteLineAsync(
                $"No answer from a running node at {place}: {error.Message}.\n"
                    + (
                        place == state.Socket
                            ? "Start one with 'fulcrum run FILE' or 'fulcrum demo', or say where its state is with --state DIR, or where it listens with --api URL."
                            : "Its configuration says where it listens: 'api: { listen: [ADDRESS:PORT] }'."
                    )
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
