using System.CommandLine;
using Fulcrum.Api;
using Fulcrum.Api.Upgrading;
using Fulcrum.Configuration;
using Fulcrum.Hosting;
using Fulcrum.Output;
using Fulcrum.Watching;

namespace Fulcrum.Commands;

/// <summary>Orders the upgrade and waits until it is known what came of it.</summary>
internal static class UpgradeCommand
{
    private const string Path = "/api/v1/upgrade";

    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Beyond what the new process may take: for ending it, where it hangs.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var state = CommonOptions.State();
        var within = CommonOptions.Duration(
            "--within",
            "How long the new process may take to serve before the attempt is given up; 60s unless said."
        );
        var command = new Command(
            "upgrade",
            "Let the program as it is on the disk take the place of the one that runs; no connection is refused or lost."
        )
        {
            within,
            state,
        };
        command.SetAction(
            (result, cancellation) =>
                RunAsync(
                    StateDirectory.Choose(result.GetValue(state)),
                    result.GetValue(within) ?? Usual,
                    Surroundings.Of(result),
                    cancellation
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        StateDirectory state,
        TimeSpan within,
        Surroundings around,
        CancellationToken cancellation
    )
    {
        await using var progress = Progress.Start(around, "Upgrading the running node");
        var query = $"?by={Uri.EscapeDataString(Person.Name)}&within={DurationText.Format(within)}";
        var begun = await NodeQuestion.AskAsync(
            state,
            around,
            client =>
                client.SendAsync(HttpMethod.Post, Path + query, null, ApiJson.Default.UpgradeDocument, cancellation)
        );
        if (begun is null)
        {
            return CommandLine.NotSo;
        }

        if (await AwaitAsync(state, begun, within + Grace, around, cancellation) is not { } ended)
        {
            return CommandLine.NotSo;
        }

        if (ended.State == UpgradeDocument.Done)
        {
            await around.Output.WriteLineAsync($"Upgraded: process {ended.Pid} serves, fulcrum {ended.Version}.");
            return CommandLine.Fine;
        }

        await around.Error.WriteLineAsync($"Not upgraded, process {begun.Pid} goes on as before: {ended.Reason}.");
        return CommandLine.NotSo;
    }

    // Either process may answer, and for a moment none: the newer one opens its doors before the older one closes them.
    private static async Task<UpgradeDocument?> AwaitAsync(
        StateDirectory state,
        UpgradeDocument begun,
        TimeSpan patience,
        Surroundings around,
        CancellationToken cancellation
    )
    {
        var start = TimeProvider.System.GetTimestamp();
        ApiException? last = null;
        while (TimeProvider.System.GetElapsedTime(start) < patience)
        {
            try
            {
                // A connection that is kept would go on asking the older one.
                using var client = new ApiClient(ApiTarget.Choose(state.Socket));
                var now = await client.GetAsync(Path, ApiJson.Default.UpgradeDocument, cancellation);
                if (now.Id == begun.Id && now.State is (UpgradeDocument.Done or UpgradeDocument.Failed))
                {
                    return now;
                }

                last = null;
            }
            catch (ApiException error)
            {
                last = error;
            }

            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }

        await around.Error.WriteLineAsync(
            $"It is not known what came of the upgrade: {last?.Message ?? "the node says nothing about it"}."
        );
        return null;
    }
}
