using System.CommandLine;
using Fulcrum.Hosting;
using Fulcrum.Model.Problems;

namespace Fulcrum.Commands;

internal static class ValidateCommand
{
    public static Command Create()
    {
        var file = CommonOptions.File();
        var command = new Command("validate", "Read a configuration and report everything that is wrong with it.")
        {
            file,
        };
        command.SetAction(result => Run(result.GetValue(file)!, result.InvocationConfiguration));
        return command;
    }

    private static int Run(string path, InvocationConfiguration console)
    {
        var loaded = SnapshotFile.Read(path);
        foreach (var problem in loaded.Problems)
        {
            console.Error.WriteLine(problem);
        }

        if (loaded.Snapshot is not { } snapshot)
        {
            console.Error.WriteLine($"{path} is not valid: {Count(loaded.ErrorCount, "error")}.");
            return CommandLine.NotSo;
        }

        foreach (var missing in loaded.Missing)
        {
            console.Error.WriteLine(missing with { Severity = Severity.Warning });
        }

        var backends = snapshot.Upstreams.Sum(upstream => upstream.Backends.Count);
        console.Output.WriteLine(
            $"{path} is valid: {Count(snapshot.Services.Count, "service")}, {Count(snapshot.Upstreams.Count, "upstream")}, {Count(backends, "backend")}."
                + (loaded.Missing.Count > 0 ? " This version cannot run it yet." : "")
        );
        return CommandLine.Fine;
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
