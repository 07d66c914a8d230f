using System.CommandLine;
using Fulcrum.Api.Status;
using Fulcrum.Getting;
using Fulcrum.Hosting;
using Fulcrum.Output;

namespace Fulcrum.Commands;

internal static class StatusCommand
{
    public static Command Create()
    {
        var state = CommonOptions.State();
        var output = CommonOptions.Output();
        var command = new Command("status", "Show the running node at a glance, what is in trouble first.")
        {
            output,
            state,
        };
        command.SetAction(
            (result, cancellation) =>
                RunAsync(
                    StateDirectory.Choose(result.GetValue(state)),
                    result.GetValue(output)!,
                    Surroundings.Of(result),
                    cancellation
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        StateDirectory state,
        string format,
        Surroundings around,
        CancellationToken cancellation
    )
    {
        var answer = await NodeQuestion.AskAsync(
            state,
            around,
            async client =>
            {
                var text = await client.ReadAsync(HttpMethod.Get, "/api/v1/status", null, json: true, cancellation);
                return new Answer(text, NodeJson.Read(text, NodeJson.Lenient.StatusDocument));
            }
        );
        if (answer is not (var document, var status))
        {
            return CommandLine.NotSo;
        }

        var shown = format == "table" ? StatusText.Of(status, around.Look()) : Documents.Of(document, format);
        await around.Output.WriteLineAsync(shown.TrimEnd('\n'));
        return status.Services.All(service => service.Healthy) ? CommandLine.Fine : CommandLine.NotSo;
    }

    private sealed record Answer(string Document, StatusDocument Status);
}
