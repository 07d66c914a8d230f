using System.CommandLine;
using Fulcrum.Examining;
using Fulcrum.Linux.Terminals;

namespace Fulcrum.Output;

/// <summary>What a command finds around it: where its output goes, how wide that is, and what time it is.</summary>
internal sealed class Surroundings : InvocationConfiguration
{
    private const int StandardOutput = 1;

    private static readonly string[] Locale = ["LC_ALL", "LC_CTYPE", "LANG"];

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The machine that it runs on.</summary>
    public IMachine Machine { get; init; } = new ThisMachine(TimeProvider.System);

    /// <summary>People see the output as it comes.</summary>
    public bool IsTerminal { get; init; } = !Console.IsOutputRedirected;

    /// <summary>People see what is said beside it.</summary>
    public bool IsErrorTerminal { get; init; } = !Console.IsErrorRedirected;

    /// <summary>Somebody can press keys.</summary>
    public bool HasKeys { get; init; } = !Console.IsInputRedirected;

    public Func<(int Columns, int Rows)?> Size { get; init; } = () => TerminalSize.Of(StandardOutput);

    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>What <c>--color</c> says.</summary>
    public string Colour { get; set; } = "auto";

    public static Surroundings Of(ParseResult result)
    {
        var around = (Surroundings)result.InvocationConfiguration;
        around.Colour = result.GetValue<string>(Commands.CommonOptions.ColourName) ?? "auto";
        return around;
    }

    /// <summary>How text is to be now.</summary>
    /// <param name="wide">All columns, and nothing elided: who asks for that has a way to scroll.</param>
    public Look Look(bool wide = false) =>
        new()
        {
            Width = wide ? null : Columns(),
            Colour = IsColoured(),
            Unicode = IsUnicode(),
            Wide = wide,
            Now = Time.GetUtcNow(),
        };

    /// <summary>How many lines a live view may have.</summary>
    public int Rows => Size()?.Rows ?? 24;

    // Who says COLUMNS means it, also where the output goes into a pipe.
    private int? Columns() =>
        int.TryParse(Variable("COLUMNS"), out var columns) && columns > 0 ? columns
        : IsTerminal ? Size()?.Columns ?? 80
        : null;

    // https://no-color.org: any value but an empty one.
    private bool IsColoured() =>
        Colour switch
        {
            "always" => true,
            "never" => false,
            _ => IsTerminal && Variable("NO_COLOR") is not { Length: > 0 } && Variable("TERM") != "dumb",
        };

    // The first that is set counts (locale(7)); without any, the locale is C. What is no terminal gets UTF-8 anyway.
    private bool IsUnicode()
    {
        var locale = Locale.Select(Variable).FirstOrDefault(one => one is { Length: > 0 });
        return !IsTerminal
            || locale is not null
                && (
                    locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase)
                    || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase)
                );
    }
}
