using System.CommandLine;
using System.Text.Json;
using Fulcrum.Api.Status;
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
        using var client = new ApiClient(state.Socket);
        StatusDocument status;
        try
        {
            status = await client.GetAsync("/api/v1/status", StatusJson.Default.StatusDocument, cancellation);
        }
        catch (ApiException error)
        {
            await console.Error.WriteLineAsync(
                $"No answer from a running node at {state.Socket}: {error.Message}.\n"
                    + "Start one with 'fulcrum run FILE' or 'fulcrum demo', or say where its state is with --state DIR."
            );
            return CommandLine.NotSo;
        }

        await console.Output.WriteLineAsync(
            json ? JsonSerializer.Serialize(status, StatusJson.Default.StatusDocument) : StatusText.Of(status)
        );
        return status.Services.All(service => service.Healthy) ? CommandLine.Fine : CommandLine.NotSo;
    }
}
