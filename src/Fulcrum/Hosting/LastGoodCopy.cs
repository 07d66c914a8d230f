using Fulcrum.Engine.History;
using Fulcrum.Model.Problems;

namespace Fulcrum.Hosting;

/// <summary>What to run when the file is broken: the last content of it that was in force, if the operator wants that.</summary>
internal static class LastGoodCopy
{
    /// <summary>Says what is wrong and what there is; null: nothing is run.</summary>
    public static SnapshotFile? Of(RunOptions options, TextWriter errors, IReadOnlyList<Problem> reasons)
    {
        foreach (var reason in reasons)
        {
            errors.WriteLine(reason);
        }

        var history = SnapshotHistory.Open(options.State.History);
        var entry = history.LastGood(options.FullPath);
        var named = entry is null ? "" : $" Its last good copy is {entry}, {history.PathOf(entry)}";
        if (entry is null || !options.LastGood)
        {
            var hint = entry is null ? "" : $"{named}: 'fulcrum run {options.File} --last-good' runs that.";
            errors.WriteLine($"{options.File} is not run.{hint}");
            return null;
        }

        var copy = SnapshotFile.Read(history.PathOf(entry));
        if (copy.WhyNotRun(options.Node) is { Count: > 0 } others)
        {
            errors.WriteLine($"{options.File} is not run.{named}, and cannot be run either: {others[0]}");
            return null;
        }

        errors.WriteLine($"{options.File} is broken.{named}: that is run.");
        return copy;
    }
}
