using System.CommandLine;
using Fulcrum.Hosting;

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
            await console.Error.WriteLineAsync($"Not done: {refusal.Title}{(refusal.Title.EndsWith('?') ? "" : ".")}");
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

    /// <summary>Prints the answer as it is.</summary>
    public static async Task<int> ShowAsync(
        StateDirectory state,
        InvocationConfiguration console,
        HttpMethod method,
        string path,
        HttpContent? body,
        bool json,
        CancellationToken cancellation
    )
    {
        var answer = await AskAsync(state, console, client => client.ReadAsync(method, path, body, json, cancellation));
        if (answer is null)
        {
            return CommandLine.NotSo;
        }

        await console.Output.WriteLineAsync(answer.TrimEnd('\n'));
        return CommandLine.Fine;
    }
}
