using System.CommandLine;
using System.Globalization;
using Fulcrum.Helping;
using Fulcrum.Output;

namespace Fulcrum.Commands;

/// <summary>For those who make packages.</summary>
internal static class ManualCommand
{
    public static Command Create()
    {
        var command = new Command("man", "Print the manual page fulcrum(1).") { Hidden = true };
        command.SetAction(result =>
        {
            var around = Surroundings.Of(result);
            // https://reproducible-builds.org/specs/source-date-epoch/
            var date =
                long.TryParse(
                    around.Variable("SOURCE_DATE_EPOCH"),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var seconds
                )
                && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                    ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                    : around.Time.GetUtcNow();
            var version = VersionCommand.Version.Split('+')[0];
            around.Output.Write(ManualText.Of(CommandLine.Create(), version, date));
            return CommandLine.Fine;
        });
        return command;
    }
}
