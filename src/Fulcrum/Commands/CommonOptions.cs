using System.CommandLine;
using Fulcrum.Configuration;

namespace Fulcrum.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class CommonOptions
{
    public const string ColourName = "--color";

    public static Argument<string> File() => new("FILE") { Description = "The configuration, YAML or JSON." };

    public static Option<string?> State() =>
        new("--state")
        {
            Description =
                "The state directory ($FULCRUM_STATE; /var/lib/fulcrum for root, else $XDG_STATE_HOME/fulcrum).",
            HelpName = "DIR",
        };

    public static Option<string?> Node() =>
        new("--node") { Description = "Which of the file's nodes this is. Default: the host name.", HelpName = "NAME" };

    /// <summary><c>table</c> for people, the others for programs.</summary>
    public static Option<string> Output(params string[] further)
    {
        string[] formats =
        [
            "table",
            .. further.Where(format => format == "wide"),
            "json",
            "yaml",
            .. further.Where(format => format != "wide"),
        ];
        var option = new Option<string>("--output", "-o")
        {
            Description = $"{string.Join(", ", formats.SkipLast(1))} or {formats[^1]}.",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "table",
        };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    /// <summary>Every command has it.</summary>
    public static Option<string> Colour()
    {
        var option = new Option<string>(ColourName)
        {
            Description = "never, auto or always. auto: on a terminal, unless NO_COLOR is set.",
            HelpName = "WHEN",
            DefaultValueFactory = _ => "auto",
            Recursive = true,
        };
        option.AcceptOnlyFromAmong("never", "auto", "always");
        return option;
    }

    /// <summary>How often a live view asks.</summary>
    public static Option<TimeSpan?> Every() =>
        Duration("--every", "How often to ask the node. Default: 1s.", least: TimeSpan.FromMilliseconds(100));

    /// <summary>An option that takes a duration, or is not there.</summary>
    public static Option<TimeSpan?> Duration(string name, string about, TimeSpan least = default)
    {
        return new(name)
        {
            Description = about,
            HelpName = "DURATION",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!DurationText.TryParse(text, out var duration))
                {
                    result.AddError($"{name}: '{text}' is not {DurationText.Expected}");
                }
                else if (duration < least)
                {
                    result.AddError($"{name}: '{text}' is less than {DurationText.Format(least)}");
                }
                else
                {
                    return duration;
                }

                return null;
            },
        };
    }
}
