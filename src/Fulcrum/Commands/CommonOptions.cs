using System.CommandLine;

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
}
