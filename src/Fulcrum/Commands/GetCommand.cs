using System.CommandLine;
using System.Text.Json;
using Fulcrum.Api;
using Fulcrum.Api.Checks;
using Fulcrum.Api.Lists;
using Fulcrum.Hosting;
using Fulcrum.Output;

namespace Fulcrum.Commands;

/// <summary><c>fulcrum get KIND [NAME]</c>: lists objects of the running node, or shows one.</summary>
internal static class GetCommand
{
    private static readonly string[] Kinds = ["checks"];

    public static Command Create()
    {
        var kind = new Argument<string>("KIND") { Description = "checks, or the beginning of it." };
        kind.Validators.Add(result =>
        {
            var text = result.Tokens[0].Value;
            if (!Kinds.Any(one => one.StartsWith(text, StringComparison.Ordinal)))
            {
                result.AddError($"'{text}' is no kind that can be got; there is: {string.Join(", ", Kinds)}");
            }
        });
        var name = new Argument<string?>("NAME")
        {
            Description = "UPSTREAM/BACKEND/CHECK, or an upstream or a backend for all of its checks.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var verdict = new Option<string?>("--verdict") { Description = "Only those: healthy, unhealthy or unknown." };
        verdict.AcceptOnlyFromAmong("healthy", "unhealthy", "unknown");
        var state = CommonOptions.State();
        var output = CommonOptions.Output();
        var command = new Command("get", "Show the checks of the running node: what each asks and finds.")
        {
            kind,
            name,
            verdict,
            state,
            output,
        };
        command.SetAction(
            (result, cancellation) =>
                RunAsync(
                    StateDirectory.Choose(result.GetValue(state)),
                    result.GetValue(name),
                    result.GetValue(verdict),
                    result.GetValue(output) == "json",
                    result.InvocationConfiguration,
                    cancellation
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        StateDirectory state,
        string? name,
        string? verdict,
        bool json,
        InvocationConfiguration console,
        CancellationToken cancellation
    )
    {
        var query = new[] { ("check", name), ("verdict", verdict) }
            .Where(pair => pair.Item2 is not null)
            .Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2!)}");
        var path = $"/api/v1/checks?{string.Join('&', query)}";
        var found = await NodeQuestion.AskAsync(
            state,
            console,
            client => client.GetAsync(path, ApiJson.Default.ListDocumentCheckDocument, cancellation)
        );
        if (found is null)
        {
            return CommandLine.NotSo;
        }

        await console.Output.WriteLineAsync(
            json ? JsonSerializer.Serialize(found, ApiJson.Default.ListDocumentCheckDocument) : Text(found, name)
        );
        return CommandLine.Fine;
    }

    private static string Text(ListDocument<CheckDocument> found, string? name)
    {
        var text = new CheckText(TimeProvider.System.GetUtcNow());
        // Listeners that see an upstream differently may ask differently, too.
        return name is not null && found.Items.Count > 0 && found.Items.All(check => check.Checks.Contains(name))
            ? string.Join("\n\n", found.Items.Select(check => text.Details(name, check)))
            : text.Table(found);
    }
}
