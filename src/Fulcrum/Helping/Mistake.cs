using System.CommandLine;
using System.Text;
using Fulcrum.Model.Validation;

namespace Fulcrum.Helping;

/// <summary>What is wrong with what somebody typed, what was probably meant, and where to look.</summary>
internal static class Mistake
{
    public static string Of(ParseResult parsed)
    {
        var page = CommandPage.Of(parsed.CommandResult.Command);
        var text = new StringBuilder();
        foreach (var what in Whats(parsed, page.Name).Distinct(StringComparer.Ordinal))
        {
            text.Append(page.Name).Append(": ").Append(what.TrimEnd('.')).Append(what.EndsWith('?') ? "\n" : ".\n");
        }

        return text.Append($"'{page.Name} --help' tells what can be typed.\n").ToString();
    }

    private static IEnumerable<string> Whats(ParseResult parsed, string name)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var word, ..])
        {
            yield return word.StartsWith('-') ? $"there is no option '{word}'{Near(word, Options(command))}"
            : command.Subcommands.Count > 0 ? $"there is no command '{word}'{Near(word, Commands(command))}"
            : $"'{word}' is too much";
            yield break;
        }

        foreach (var error in parsed.Errors)
        {
            var missing = command.Arguments.Where(argument =>
                argument.Arity.MinimumNumberOfValues > 0
                && !argument.HasDefaultValue
                && parsed.GetResult(argument) is not { Tokens.Count: > 0 }
            );
            yield return error.Message.StartsWith("Required argument ", StringComparison.Ordinal)
                ? $"{string.Join(" and ", missing.Select(argument => argument.Name))} is missing"
                : error.Message;
        }
    }

    private static IEnumerable<string> Commands(Command command) =>
        command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name);

    private static IEnumerable<string> Options(Command command)
    {
        for (var at = command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            foreach (var option in at.Options.Where(option => !option.Hidden && (at == command || option.Recursive)))
            {
                yield return option.Name;
            }
        }
    }

    private static string Near(string word, IEnumerable<string> words) =>
        NearMiss.Of(word, words) is { } meant ? $"; did you mean '{meant}'?" : "";
}
