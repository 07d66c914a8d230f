namespace Fulcrum.Helping;

/// <summary>What is the same for all commands and stands on every page: exit codes, files, the environment.</summary>
internal static class Surface
{
    public static IReadOnlyList<Entry> ExitCodes { get; } =
    [
        new("0", "Fine.", null),
        new(
            "1",
            "The thing asked for is not so: no such object, no node that answers, a change that was refused.",
            null
        ),
        new("2", "Wrong use: the command line was not understood.", null),
    ];

    public static IReadOnlyList<Entry> Files { get; } =
    [
        new("/var/lib/fulcrum", "The state directory where root runs the node.", null),
        new(
            "$XDG_STATE_HOME/fulcrum",
            "The state directory of anybody else; ~/.local/state/fulcrum where it is not set.",
            null
        ),
        new("fulcrum.sock", "In the state directory: the Unix socket on which a node answers.", null),
    ];

    public static IReadOnlyList<Entry> Environment { get; } =
    [
        new("FULCRUM_STATE", "The state directory, where --state does not say it.", null),
        new("NO_COLOR", "Not empty: no colours, unless --color always.", null),
        new(
            "COLUMNS",
            "How wide tables may be. Default: as wide as the terminal; without one, as wide as they get.",
            null
        ),
        new("LC_ALL, LC_CTYPE, LANG", "A locale that is not UTF-8 gets ASCII on terminals.", null),
    ];

    public const string Shortening =
        "For reading, kinds and names can be shortened to a unique beginning; changing something wants the full name. "
        + "Output on a terminal fits it; everywhere else nothing is left out. Programs take -o json, or -o yaml.";
}
