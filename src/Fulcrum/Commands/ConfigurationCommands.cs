using System.CommandLine;
using System.Text;
using Fulcrum.Api;
using Fulcrum.Configuration;
using Fulcrum.Hosting;
using Fulcrum.Model;
using Fulcrum.Model.Problems;
using Fulcrum.Output;
using Fulcrum.Watching;

namespace Fulcrum.Commands;

/// <summary>What changes the configuration of the running node: plan, apply, confirm, history, rollback.</summary>
internal static class ConfigurationCommands
{
    public static IEnumerable<Command> Create() => [Plan(), Apply(), Confirm(), History(), Rollback()];

    private static Command Plan()
    {
        var file = CommonOptions.File();
        var state = CommonOptions.State();
        var output = CommonOptions.Output();
        var command = new Command("plan", "Show what would change in the running node, and what keeps its connections.")
        {
            file,
            state,
            output,
        };
        command.SetAction(
            async (result, cancellation) =>
            {
                var path = result.GetValue(file)!;
                if (Read(path, result.InvocationConfiguration) is not { } snapshot)
                {
                    return CommandLine.NotSo;
                }

                using var body = Body(snapshot);
                await using var progress = Progress.Start(Surroundings.Of(result), $"Comparing {path} with what runs");
                return await NodeQuestion.ShowAsync(
                    StateDirectory.Choose(result.GetValue(state)),
                    result.InvocationConfiguration,
                    HttpMethod.Post,
                    "/api/v1/plan",
                    body,
                    result.GetValue(output)!,
                    cancellation
                );
            }
        );
        return command;
    }

    private static Command Apply()
    {
        var file = CommonOptions.File();
        var state = CommonOptions.State();
        var confirm = CommonOptions.Duration(
            "--confirm",
            "Take the change back after this long, unless 'fulcrum confirm' comes first."
        );
        var removals = Removals();
        var command = new Command("apply", "Make a configuration the running node's, whole or not at all.")
        {
            file,
            confirm,
            removals,
            state,
        };
        command.SetAction(
            async (result, cancellation) =>
            {
                var path = result.GetValue(file)!;
                if (Read(path, result.InvocationConfiguration) is not { } snapshot)
                {
                    return CommandLine.NotSo;
                }

                var query = $"source={Source(path)}&{Order(result.GetValue(removals))}";
                if (result.GetValue(confirm) is { } within)
                {
                    query += $"&confirm={DurationText.Format(within)}";
                }

                using var body = Body(snapshot);
                return await ChangeAsync(result, state, $"/api/v1/apply?{query}", body, cancellation);
            }
        );
        return command;
    }

    private static Command Confirm()
    {
        var state = CommonOptions.State();
        var command = new Command("confirm", "Keep the change that 'apply --confirm' or 'rollback --confirm' made.")
        {
            state,
        };
        command.SetAction(
            async (result, cancellation) =>
            {
                var done = await NodeQuestion.AskAsync(
                    StateDirectory.Choose(result.GetValue(state)),
                    result.InvocationConfiguration,
                    client => client.ReadAsync(HttpMethod.Post, "/api/v1/confirm", null, json: true, cancellation)
                );
                if (done is null)
                {
                    return CommandLine.NotSo;
                }

                await result.InvocationConfiguration.Output.WriteLineAsync("Confirmed: the change stays.");
                return CommandLine.Fine;
            }
        );
        return command;
    }

    private static Command History()
    {
        var state = CommonOptions.State();
        var output = CommonOptions.Output();
        var command = new Command("history", "List the configurations that were in force, the newest first.")
        {
            state,
            output,
        };
        command.SetAction(
            (result, cancellation) =>
                NodeQuestion.ShowAsync(
                    StateDirectory.Choose(result.GetValue(state)),
                    result.InvocationConfiguration,
                    HttpMethod.Get,
                    "/api/v1/history",
                    null,
                    result.GetValue(output)!,
                    cancellation
                )
        );
        return command;
    }

    private static Command Rollback()
    {
        var number = new Argument<int>("N") { Description = "The number that 'fulcrum history' shows." };
        var state = CommonOptions.State();
        var confirm = CommonOptions.Duration(
            "--confirm",
            "Take the change back after this long, unless 'fulcrum confirm' comes first."
        );
        var removals = Removals();
        var command = new Command("rollback", "Put an earlier configuration in force again.")
        {
            number,
            confirm,
            removals,
            state,
        };
        command.SetAction(
            (result, cancellation) =>
            {
                var query = $"number={result.GetValue(number)}&{Order(result.GetValue(removals))}";
                if (result.GetValue(confirm) is { } within)
                {
                    query += $"&confirm={DurationText.Format(within)}";
                }

                return ChangeAsync(result, state, $"/api/v1/rollback?{query}", null, cancellation);
            }
        );
        return command;
    }

    private static async Task<int> ChangeAsync(
        ParseResult result,
        Option<string?> state,
        string path,
        HttpContent? body,
        CancellationToken cancellation
    )
    {
        var console = Surroundings.Of(result);
        await using var progress = Progress.Start(console, "Changing the configuration of the running node");
        var applied = await NodeQuestion.AskAsync(
            StateDirectory.Choose(result.GetValue(state)),
            console,
            client => client.SendAsync(HttpMethod.Post, path, body, ApiJson.Default.ApplyDocument, cancellation)
        );
        if (applied is null)
        {
            return CommandLine.NotSo;
        }

        foreach (var note in applied.Notes)
        {
            await console.Output.WriteLineAsync(note);
        }

        return CommandLine.Fine;
    }

    private static Option<bool> Removals() =>
        new("--allow-removals") { Description = "Even if it removes more than the guard's share." };

    private static string Order(bool removals) =>
        $"by={Uri.EscapeDataString(Person.Name)}&allow-removals={(removals ? "true" : "false")}";

    private static string Source(string path) => Uri.EscapeDataString(Path.GetFullPath(path));

    private static StringContent Body(Snapshot snapshot) =>
        new(SnapshotWriter.ToJson(snapshot), Encoding.UTF8, "application/json");

    // Read here, where the file and what it includes are, so that mistakes have their line.
    private static Snapshot? Read(string path, InvocationConfiguration console)
    {
        var file = SnapshotFile.Read(path);
        foreach (var problem in file.Problems)
        {
            console.Error.WriteLine(problem);
        }

        foreach (var problem in file.Missing.Where(missing => missing.Severity == Severity.Error))
        {
            console.Error.WriteLine(problem);
        }

        return file.Missing.Count > 0 ? null : file.Snapshot;
    }
}
