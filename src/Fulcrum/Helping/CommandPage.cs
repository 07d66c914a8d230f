using System.CommandLine;
using System.CommandLine.Help;

namespace Fulcrum.Helping;

/// <summary>One command as pages tell of it; help, manual and reference are written from it.</summary>
internal sealed record CommandPage(
    string Name,
    string Usage,
    string Description,
    IReadOnlyList<Entry> Arguments,
    IReadOnlyList<Entry> Options,
    Guide Guide
)
{
    /// <summary>Of the command and its parents, without those options that every command has.</summary>
    public static CommandPage Of(Command command)
    {
        var name = NameOf(command);
        var arguments = command.Arguments.Where(argument => !argument.Hidden).ToList();
        var options = command.Options.Where(option => !option.Hidden && option is not HelpOption and not VersionOption);
        var entries = options.Select(Of).ToList();
        string[] usage =
        [
            name,
            .. command.Subcommands.Any(sub => !sub.Hidden) ? ["COMMAND"] : Array.Empty<string>(),
            .. arguments.Select(argument =>
                argument.Arity.MinimumNumberOfValues == 0 || argument.HasDefaultValue
                    ? $"[{argument.Name}]"
                    : argument.Name
            ),
            .. entries.Count > 0 ? ["[OPTIONS]"] : Array.Empty<string>(),
        ];
        return new(
            name,
            string.Join(' ', usage),
            command.Description ?? "",
            [.. arguments.Select(argument => new Entry(argument.Name, argument.Description ?? "", Default(argument)))],
            entries,
            GuideTable.Of(command)
        );
    }

    /// <summary>All that are not hidden, those of a command after it.</summary>
    public static IEnumerable<CommandPage> All(Command command) =>
        command.Subcommands.Where(sub => !sub.Hidden).SelectMany(sub => All(sub).Prepend(Of(sub)));

    public static Entry Of(Option option)
    {
        var names = option
            .Aliases.Append(option.Name)
            .OrderBy(name => name.Length)
            .ThenBy(name => name, StringComparer.Ordinal);
        var value =
            option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool) ? "" : $" {ValueOf(option)}";
        return new(string.Join(", ", names) + value, option.Description ?? "", Default(option));
    }

    private static string ValueOf(Option option) => option.HelpName ?? option.Name.TrimStart('-').ToUpperInvariant();

    private static string? Default(Option option) =>
        option is { HasDefaultValue: true } && option.ValueType != typeof(bool) ? $"{option.GetDefaultValue()}" : null;

    private static string? Default(Argument argument) =>
        argument.HasDefaultValue ? $"{argument.GetDefaultValue()}" : null;

    private static string NameOf(Command command) =>
        command is RootCommand ? "fulcrum"
        : command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{NameOf(parent)} {command.Name}"
        : command.Name;
}

/// <summary>An argument or an option.</summary>
internal sealed record Entry(string Name, string Description, string? Default)
{
    /// <summary>With what it is where it is left out.</summary>
    public string Text => Default is null ? Description : $"{Description} [{Default}]";
}
