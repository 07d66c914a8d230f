using System.CommandLine;
using Fulcrum.Configuration;

namespace Fulcrum.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class CommonOptions
{
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

    public static Option<string> Output()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "table or json.",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "table",
        };
        option.AcceptOnlyFromAmong("table", "json");
        return option;
    }

    /// <summary>An option that takes a duration, or is not there.</summary>
    public static Option<TimeSpan?> Duration(string name, string about)
    {
        return new(name)
        {
            Description = about,
            HelpName = "DURATION",
            CustomParser = result =>
            {
                if (DurationText.TryParse(result.Tokens[0].Value, out var duration))
                {
                    return duration;
                }

                result.AddError($"{name}: '{result.Tokens[0].Value}' is not {DurationText.Expected}");
                return null;
            },
        };
    }
}
