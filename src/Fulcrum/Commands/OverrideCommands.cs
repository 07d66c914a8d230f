using System.CommandLine;
using System.CommandLine.Invocation;
using System.Net.Http.Json;
using Fulcrum.Api;
using Fulcrum.Api.Overrides;
using Fulcrum.Configuration;
using Fulcrum.Hosting;
using Fulcrum.Output;
using Fulcrum.Watching;

namespace Fulcrum.Commands;

/// <summary>What an operator decides about one thing, whatever the files say: drain, disable, enable, weight, clear.</summary>
internal static class OverrideCommands
{
    private const string Endpoint = "/api/v1/overrides?target=";

    private static readonly TimeSpan UsualWait = TimeSpan.FromMinutes(10);

    public static IEnumerable<Command> Create() =>
        [
            Drain(),
            Decide("disable", "No traffic from now on; established connections end at once."),
            Decide("enable", "In service, although its file has it disabled. It still has to be healthy."),
            Weigh(),
            Clear(),
        ];

    private static Command Decide(string action, string about) => Decide(action, about, null);

    private static Command Drain()
    {
        var wait = new Option<bool>("--wait") { Description = "Come back when no session is left on it." };
        var timeout = CommonOptions.Duration(
            "--timeout",
            "How long to wait at most; the drain goes on. Default: as long as --for, else 10m."
        );
        var command = Decide("drain", "No new connections; existing ones finish until the drain deadline.");
        command.Add(wait);
        command.Add(timeout);
        var decide = (AsynchronousCommandLineAction)command.Action!;
        command.SetAction(
            async (result, cancellation) =>
            {
                var exit = await decide.InvokeAsync(result, cancellation);
                return exit != CommandLine.Fine || !result.GetValue(wait)
                    ? exit
                    : await WaitAsync(
                        StateDirectory.Choose(result.GetValue<string?>("--state")),
                        result.GetValue<string>("KIND/NAME")!,
                        result.GetValue(timeout) ?? result.GetValue<TimeSpan?>("--for") ?? UsualWait,
                        Surroundings.Of(result),
                        cancellation
                    );
            }
        );
        return command;
    }

    private static async Task<int> WaitAsync(
        StateDirectory state,
        string target,
        TimeSpan patience,
        Surroundings around,
        CancellationToken cancellation
    )
    {
        var answer = await NodeQuestion.AskAsync(
            state,
            around,
            async client => $"{await new DrainWait(client, target, around).RunAsync(patience, cancellation)}"
        );
        switch (answer)
        {
            case null:
                return CommandLine.NotSo;
            case "0":
                await around.Output.WriteLineAsync($"{target}: drained, no session is left.");
                return CommandLine.Fine;
            default:
                await around.Error.WriteLineAsync(
                    $"{target}: {answer} sessions are left after {DurationText.Format(patience)}; the drain goes on."
                );
                return CommandLine.NotSo;
        }
    }

    private static Command Weigh() =>
        Decide(
            "weight",
            "Another weight for a backend or a host.",
            new("WEIGHT") { Description = "0..65535; 0 gets no new connections." }
        );

    private static Command Decide(string action, string about, Argument<int>? weight)
    {
        var target = Target();
        var reason = new Option<string?>("--reason") { Description = "Why; whoever looks will see it." };
        var expiry = CommonOptions.Duration("--for", "How long: 30m, 2h, 7d. Default: until somebody clears it.");
        var state = CommonOptions.State();
        var command = new Command(action, about) { target };
        if (weight is not null)
        {
            command.Add(weight);
        }

        command.Add(reason);
        command.Add(expiry);
        command.Add(state);
        command.SetAction(
            (result, cancellation) =>
            {
                var order = new OverrideOrder
                {
                    Action = action,
                    Weight = weight is null ? null : result.GetValue(weight),
                    Owner = Person.Name,
                    Reason = result.GetValue(reason),
                    Expires = result.GetValue(expiry) is { } span ? TimeProvider.System.GetUtcNow() + span : null,
                };
                return SendAsync(result, target, state, order, cancellation);
            }
        );
        return command;
    }

    private static async Task<int> SendAsync(
        ParseResult result,
        Argument<string> target,
        Option<string?> state,
        OverrideOrder order,
        CancellationToken cancellation
    )
    {
        var console = result.InvocationConfiguration;
        var name = result.GetValue(target)!;
        using var body = JsonContent.Create(order, ApiJson.Default.OverrideOrder);
        var kept = await NodeQuestion.AskAsync(
            StateDirectory.Choose(result.GetValue(state)),
            console,
            client =>
                client.SendAsync(
                    HttpMethod.Put,
                    Endpoint + Uri.EscapeDataString(name),
                    body,
                    ApiJson.Default.OverrideDocument,
                    cancellation
                )
        );
        if (kept is null)
        {
            return CommandLine.NotSo;
        }

        var until = kept.Expires is { } expires ? $" until {expires:u}" : $" until 'fulcrum clear {kept.Target}'";
        await console.Output.WriteLineAsync(
            $"{kept.Target}: {kept.Action}{(kept.Weight is { } weight ? $" {weight}" : "")}{until}."
        );
        return CommandLine.Fine;
    }

    private static Command Clear()
    {
        var target = Target();
        var state = CommonOptions.State();
        var command = new Command("clear", "Take back what an operator decided: the files count again.")
        {
            target,
            state,
        };
        command.SetAction(
            async (result, cancellation) =>
            {
                var name = result.GetValue(target)!;
                var done = await NodeQuestion.AskAsync(
                    StateDirectory.Choose(result.GetValue(state)),
                    result.InvocationConfiguration,
                    async client =>
                    {
                        await client.SendAsync(HttpMethod.Delete, Endpoint + Uri.EscapeDataString(name), cancellation);
                        return name;
                    }
                );
                if (done is null)
                {
                    return CommandLine.NotSo;
                }

                await result.InvocationConfiguration.Output.WriteLineAsync($"{done}: as configured.");
                return CommandLine.Fine;
            }
        );
        return command;
    }

    private static Argument<string> Target() =>
        new("KIND/NAME")
        {
            Description =
                "service/NAME, upstream/NAME, backend/UPSTREAM/NAME (one membership), host/ADDRESS (everywhere), node/NAME.",
        };
}
