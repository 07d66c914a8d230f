using System.CommandLine;
using System.CommandLine.Completions;
using Fulcrum.Getting;
using Fulcrum.Hosting;

namespace Fulcrum.Completing;

/// <summary>Says what could be typed next. Walks over the words as the parser does, and knows what the node has.</summary>
/// <param name="root">All that can be typed.</param>
/// <param name="patience">How long the node has to tell names.</param>
internal sealed class Completer(RootCommand root, TimeSpan patience)
{
    /// <summary>What a target of an override can be, and what else can be explained.</summary>
    private static readonly string[] Targets = ["service", "upstream", "backend", "host", "node"];
    private static readonly string[] Subjects = [.. Targets, "check", "vip", "announcement", "certificate", "override"];

    private Command _command = root;
    private Option? _option;
    private string? _state;
    private ApiTarget _given = ApiTarget.Given;
    private readonly List<string> _arguments = [];

    /// <param name="words">What was typed after the program's name; the last word is not finished, or not begun.</param>
    public async Task<IReadOnlyList<Candidate>> CompleteAsync(IReadOnlyList<string> words)
    {
        foreach (var word in words.SkipLast(1))
        {
            Walk(word);
        }

        var begun = words.Count == 0 ? "" : words[^1];
        var candidates = await CandidatesAsync(begun);
        return
        [
            .. candidates
                .Where(one => one.Value.StartsWith(':') || one.Value.StartsWith(begun, StringComparison.Ordinal))
                .OrderBy(one => one.Value, StringComparer.Ordinal),
        ];
    }

    private void Walk(string word)
    {
        if (_option is { } option)
        {
            Note(option, word);
            _option = null;
        }
        else if (word.StartsWith('-'))
        {
            var parts = word.Split('=', 2);
            var found = Options().FirstOrDefault(one => one.Name == parts[0] || one.Aliases.Contains(parts[0]));
            _option = parts.Length == 1 && found is not null && TakesValue(found) ? found : null;
            if (parts.Length == 2 && found is not null)
            {
                Note(found, parts[1]);
            }
        }
        else if (_command.Subcommands.FirstOrDefault(one => one.Name == word) is { } sub)
        {
            _command = sub;
        }
        else
        {
            _arguments.Add(word);
        }
    }

    // Where the node is, and who asks there.
    private void Note(Option option, string value)
    {
        _state = option.Name == "--state" ? value : _state;
        _given = option.Name switch
        {
            "--api" => _given with { Url = ApiTarget.UrlOf(value) },
            "--token-file" => _given with { TokenFile = value },
            "--ca" => _given with { Authorities = value },
            "--cert" => _given with { Certificate = value },
            "--key" => _given with { Key = value },
            _ => _given,
        };
    }

    private async Task<IEnumerable<Candidate>> CandidatesAsync(string begun)
    {
        if (_option is { } option)
        {
            return ValuesOf(option, "");
        }

        if (begun.StartsWith('-'))
        {
            var equals = begun.IndexOf('=', StringComparison.Ordinal);
            return equals < 0 ? Options().Select(one => new Candidate(one.Name, First(one.Description)))
                : Options().FirstOrDefault(one => one.Name == begun[..equals]) is { } named
                    ? ValuesOf(named, begun[..(equals + 1)])
                : [];
        }

        if (_command.Subcommands.Count > 0)
        {
            return _arguments.Count > 0
                ? []
                : _command
                    .Subcommands.Where(sub => !sub.Hidden)
                    .Select(sub => new Candidate(sub.Name, First(sub.Description)));
        }

        return _arguments.Count < _command.Arguments.Count
            ? await ValuesOfAsync(_command.Arguments[_arguments.Count], begun)
            : [];
    }

    private async Task<IEnumerable<Candidate>> ValuesOfAsync(Argument argument, string begun) =>
        argument.Name switch
        {
            "FILE" => [Candidate.Files],
            "KIND/NAME" => await TargetsAsync(_command.Name == "explain" ? Subjects : Targets, begun),
            "KIND" when _command.Name == "get" => begun.Contains('/', StringComparison.Ordinal)
                ? await TargetsAsync([.. KindTable.All.SelectMany(kind => new[] { kind.One, kind.Many })], begun)
                : KindTable.All.Select(kind => new Candidate(kind.Many)),
            "NAME" when KindTable.Find(_arguments[0]) is { } kind => await NamesAsync(kind, "", begun),
            _ => argument.GetCompletions(CompletionContext.Empty).Select(item => new Candidate(item.Label)),
        };

    private async Task<IEnumerable<Candidate>> TargetsAsync(string[] kinds, string begun)
    {
        var slash = begun.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return kinds.Select(kind => new Candidate(kind + "/"));
        }

        var (word, name) = (begun[..slash], begun[(slash + 1)..]);
        return !kinds.Contains(word) ? []
            : word == "host"
                ? (await new NodeNames(_state, _given, patience).HostsAsync()).Select(host => new Candidate(
                    $"host/{host}"
                ))
            : KindTable.Find(word) is { } kind ? await NamesAsync(kind, word + "/", name)
            : [];
    }

    private async Task<IEnumerable<Candidate>> NamesAsync(ObjectKind kind, string before, string begun)
    {
        var names = await new NodeNames(_state, _given, patience).OfAsync(kind, begun);
        return names.Select(name => new Candidate(before + name));
    }

    private static IEnumerable<Candidate> ValuesOf(Option option, string before) =>
        option.Name == "--state"
            ? [Candidate.Directories]
            : option.GetCompletions(CompletionContext.Empty).Select(item => new Candidate(before + item.Label));

    private IEnumerable<Option> Options()
    {
        for (Command? at = _command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            foreach (var option in at.Options.Where(one => !one.Hidden && (at == _command || one.Recursive)))
            {
                yield return option;
            }
        }
    }

    private static bool TakesValue(Option option) =>
        option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);

    private static string First(string? description) => (description ?? "").Split(". ", 2)[0].TrimEnd('.');
}
