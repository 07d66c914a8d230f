using System.CommandLine;
using System.CommandLine.Invocation;
using Fulcrum.Commands;
using Fulcrum.Output;

namespace Fulcrum.Helping;

/// <summary><c>--help</c> of any command.</summary>
internal sealed class HelpAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var around = Surroundings.Of(parseResult);
        around.Output.Write(HelpText.Of(parseResult.CommandResult.Command, around.Look()));
        return CommandLine.Fine;
    }

    /// <summary>For all commands below the root, and for the root alone.</summary>
    public static void Use(RootCommand root)
    {
        foreach (var option in root.Options.OfType<System.CommandLine.Help.HelpOption>())
        {
            option.Action = new HelpAction();
        }

        root.Action = new HelpAction();
    }
}
