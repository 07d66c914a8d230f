using System.CommandLine;
using Fulcrum.Engine.Ports;
using Fulcrum.Examining;
using Fulcrum.Hosting;
using Fulcrum.Linux;
using Fulcrum.Linux.Netlink;
using Fulcrum.Model;
using Fulcrum.Model.Values;
using Fulcrum.Output;

namespace Fulcrum.Commands;

/// <summary><c>fulcrum doctor [FILE]</c>: what this machine lacks. It asks no node, and changes nothing.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "Only what this configuration needs. Without: all that Fulcrum can use.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var (node, state, output) = (CommonOptions.Node(), CommonOptions.State(), CommonOptions.Output());
        var command = new Command("doctor", "Look what this machine lacks, for whom, and how to mend it.")
        {
            file,
            output,
            node,
            state,
        };
        command.SetAction(
            (result, cancellation) =>
                RunAsync(
                    result.GetValue(file),
                    result.GetValue(node) ?? Environment.MachineName,
                    StateDirectory.Choose(result.GetValue(state)),
                    result.GetValue(output)!,
                    Surroundings.Of(result),
                    cancellation
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        string? path,
        string node,
        StateDirectory state,
        string format,
        Surroundings around,
        CancellationToken cancellation
    )
    {
        var file = path is null ? null : SnapshotFile.Read(path);
        if (file is not null && file.WhyNotRun(node) is [_, ..] problems)
        {
            foreach (var problem in problems)
            {
                await around.Error.WriteLineAsync(problem.ToString());
            }

            return CommandLine.NotSo;
        }

        try
        {
            return await LookAsync(path, file?.Snapshot, node, state, format, around, cancellation);
        }
        catch (Exception error) when (error is LinuxException or NetlinkException)
        {
            await around.Error.WriteLineAsync(
                $"fulcrum: this machine does not let itself be looked at: {error.Message}"
            );
            return CommandLine.NotSo;
        }
    }

    private static async Task<int> LookAsync(
        string? path,
        Snapshot? snapshot,
        string node,
        StateDirectory state,
        string format,
        Surroundings around,
        CancellationToken cancellation
    )
    {
        var machine = around.Machine;
        var planes = await machine.LookAsync(snapshot ?? Snapshot.Empty, state, cancellation);
        var needs = snapshot is null
            ? Needs.Everything
            : NeedsOfFile.Of(snapshot, node, Items.From(planes.Append(PlaneOffer.Proxy)));
        var facts = await machine.ReadAsync(needs, planes, state, cancellation);
        var things = Diagnosis.Of(needs, facts);
        var shown =
            format == "table"
                ? DoctorText.Of(facts, things, around.Look())
                : Documents.Of(DoctorDocument.Of(path, facts, things), format);
        await around.Output.WriteLineAsync(shown.TrimEnd('\n'));
        return things.Any(thing => thing.State == ThingState.Lacking) ? CommandLine.NotSo : CommandLine.Fine;
    }
}
