using System.CommandLine;
using System.Text.Json;
using Fulcrum.Api;
using Fulcrum.Hosting;
using Fulcrum.Output;

namespace Fulcrum.Commands;

internal static class StatusCommand
{
    public static Command Create()
    {
        var state = CommonOptions.State();
        var output = CommonOptions.Output();
        var command = new Command("status", "Show the services of the running node and how their backends are.")
        {
            state,
            output,
        };
        command.SetAction(
            (result, cancellation) =>
                RunAsync(
                    StateDirectory.Choose(result.GetValue(state)),
                    result.GetValue(output) == "json",
                    result.InvocationConfiguration,
                    cancellation
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        StateDirectory state,
        bool json,
        InvocationConfiguration console,
        CancellationToken cancellation
    )
    {
        var status = await NodeQuestion.AskAsync(
            state,
            console,
            client => client.GetAsync("/api/v1/status", ApiJson.Default.StatusDocument, cancellation)
        );
        if (status is null)
        {
            return CommandLine.NotSo;
        }

        await console.Output.WriteLineAsync(
            json ? JsonSerializer.Serialize(status, ApiJson.Default.StatusDocument) : StatusText.Of(status)
        );
        return status.Services.All(service => service.Healthy) ? CommandLine.Fine : CommandLine.NotSo;
    }
}
