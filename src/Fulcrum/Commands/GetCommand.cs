using System.CommandLine;
using Fulcrum.Getting;
using Fulcrum.Hosting;
using Fulcrum.Output;
using Fulcrum.Watching;

namespace Fulcrum.Commands;

/// <summary><c>fulcrum get KIND [NAME]</c>: lists objects of the running node, or shows one.</summary>
internal static class GetCommand
{
    /// <summary>What a program can hold and a person will not read.</summary>
    private const int MostItems = 100_000;

    public static Command Create()
    {
        var kind = new Argument<string>("KIND")
        {
            Description = $"{KindTable.Names}; singular, plural or the beginning of it. Or KIND/NAME.",
        };
        var name = new Argument<string?>("NAME")
        {
            Description = "One of them: its name or the beginning of it. Of backends and checks, an upstream, too.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var select = new Option<string?>("--select", "-l")
        {
            Description = "Only objects with such labels: tier=web, 'rack in (a,b)'.",
            HelpName = "SELECTOR",
        };
        var verdict = new Option<string?>("--verdict")
        {
            Description = "Only checks that are so.",
            HelpName = "VERDICT",
        };
        verdict.AcceptOnlyFromAmong("healthy", "unhealthy", "unknown");
        Option<string?>[] filters =
        [
            select,
            verdict,
            Only("--service", "NAME", "Only backends that this service leads to, or its sessions."),
            Only("--upstream", "NAME", "Only backends of this upstream, or sessions to it."),
            Only("--backend", "UPSTREAM/NAME", "Only sessions to this backend."),
            Only("--client", "ADDRESS", "Only sessions of this address or network: 192.0.2.0/24."),
        ];
        var limit = new Option<int>("--limit")
        {
            Description = "So many at most.",
            HelpName = "N",
            DefaultValueFactory = _ => MostItems,
        };
        limit.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(int.TryParse(text, out var number) && number >= 1))
            {
                result.AddError($"--limit: found '{text}'; expected a number from 1 on");
            }
        });
        var watch = new Option<bool>("--watch", "-w")
        {
            Description = "Go on showing it; not on a terminal: what changes.",
        };
        var every = CommonOptions.Every();
        var state = CommonOptions.State();
        var output = CommonOptions.Output("wide", "name");
        var command = new Command("get", "Show objects of the running node as they are now: a list, or one.")
        {
            kind,
            name,
            output,
            watch,
            every,
        };
        Array.ForEach<Option>([.. filters, limit, state], command.Add);
        command.Validators.Add(result =>
        {
            // Without a kind the parser complains itself.
            if (result.GetResult(kind) is { Tokens: [{ Value: var text }] })
            {
                var (word, inWord) = Split(text);
                var found = KindTable.Find(word);
                var why =
                    found is null ? KindTable.WhyNot(word)
                    : inWord is not null && result.GetValue(name) is not null
                        ? $"two names: '{inWord}' and '{result.GetValue(name)}'"
                    : result.GetValue(select) is not null && !found.HasLabels ? $"{found} have no labels to select by"
                    : filters
                        .Skip(1)
                        .FirstOrDefault(one => result.GetValue(one) is not null && !found.Filters.Contains(KeyOf(one)))
                        is { } other
                        ? $"{found} have no {KeyOf(other)}; {Having(KeyOf(other))} have"
                    : null;
                if (why is not null)
                {
                    result.AddError(why);
                }
            }
        });
        command.SetAction(
            (result, cancellation) =>
            {
                var (word, inWord) = Split(result.GetValue(kind)!);
                var filter = filters
                    .Where(one => result.GetValue(one) is not null)
                    .Select(one => KeyValuePair.Create(KeyOf(one), result.GetValue(one)!));
                var query = new ObjectQuery(
                    KindTable.Find(word)!,
                    inWord ?? result.GetValue(name),
                    [.. filter],
                    result.GetValue(limit)
                );
                return RunAsync(
                    StateDirectory.Choose(result.GetValue(state)),
                    query,
                    result.GetValue(output)!,
                    result.GetValue(watch) ? result.GetValue(every) ?? TimeSpan.FromSeconds(1) : null,
                    Surroundings.Of(result),
                    cancellation
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        StateDirectory state,
        ObjectQuery query,
        string format,
        TimeSpan? every,
        Surroundings around,
        CancellationToken cancellation
    )
    {
        var found = await NodeQuestion.AskAsync<object>(
            state,
            around,
            async client =>
            {
                if (every is not { } pause)
                {
                    return await query.ReadAsync(client, cancellation);
                }

                await new GetWatch(client, query, format, around).RunAsync(pause, cancellation);
                return query;
            }
        );
        if (found is not ObjectList list)
        {
            return found is null ? CommandLine.NotSo : CommandLine.Fine;
        }

        await around.Output.WriteLineAsync(GetText.Of(list, query.Kind, format, around.Look(format == "wide")));
        if (list.More > 0)
        {
            await around.Error.WriteLineAsync(
                $"These are the first {list.Items.Count}; {list.More} more are left out. --limit N shows more."
            );
        }

        return CommandLine.Fine;
    }

    private static Option<string?> Only(string name, string what, string about) =>
        new(name) { Description = about, HelpName = what };

    // As the API calls what the option asks for.
    private static string KeyOf(Option option) => option.Name.TrimStart('-');

    private static string Having(string key) =>
        string.Join(" and ", KindTable.All.Where(kind => kind.Filters.Contains(key)));

    private static (string Kind, string? Name) Split(string word) =>
        word.Split('/', 2) is [var kind, { Length: > 0 } name] ? (kind, name) : (word.TrimEnd('/'), null);
}
