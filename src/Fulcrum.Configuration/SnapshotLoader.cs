using System.Text;
using Fulcrum.Configuration.Language;
using Fulcrum.Configuration.Nodes;
using Fulcrum.Configuration.Problems;
using Fulcrum.Configuration.Shapes;
using Fulcrum.Model;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Validation;

namespace Fulcrum.Configuration;

/// <summary>
/// Reads configurations in the native language: text to nodes (see <see cref="DocumentReader"/>), nodes to what was
/// written (see <see cref="SnapshotShape"/>), short forms to objects (see <see cref="ServiceExpansion"/>), and the
/// model's own rules over the whole. Nothing that a text holds makes it throw: what is wrong is among the problems.
/// </summary>
public static class SnapshotLoader
{
    /// <summary>Reads a file and what it includes; <c>.json</c> is JSON, all else YAML.</summary>
    public static LoadResult Load(string path, LoadOptions? options = null) =>
        Run(options, reader => reader.ReadFile(path));

    /// <summary>Reads a text that cannot include others.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="name">What problems call it.</param>
    public static LoadResult Parse(
        ReadOnlyMemory<byte> text,
        string name,
        ConfigurationFormat format,
        LoadOptions? options = null
    ) => Run(options, reader => reader.ReadText(text, name, format));

    public static LoadResult Parse(string text, string name, ConfigurationFormat format, LoadOptions? options = null) =>
        Parse(Encoding.UTF8.GetBytes(text), name, format, options);

    /// <summary>
    /// Reads the text of one object, as it stands under its name in a configuration; what its names lead to may stand
    /// elsewhere. Short forms make further objects, so that more than one may come of it.
    /// </summary>
    /// <param name="kind">The key of its section: <c>services</c>.</param>
    /// <param name="name">What the object is called.</param>
    public static LoadResult ParseObject(
        string kind,
        string name,
        ReadOnlyMemory<byte> text,
        ConfigurationFormat format,
        LoadOptions options
    ) => Run(options with { IsFragment = true }, reader => reader.ReadObject(kind, name, text, "body", format));

    private static LoadResult Run(LoadOptions? options, Func<DocumentReader, MappingNode> read)
    {
        var variables = (options ?? LoadOptions.Default).Environment;
        var problems = new ProblemList();
        var reader = new DocumentReader(NodeLimits.Default, variables, SnapshotShape.MergedKeys, problems);
        var root = read(reader);
        Snapshot? snapshot = null;
        Func<Finding, Problem> place = finding => finding.ToProblem(root.Position);
        if (SnapshotShape.Shape.TryRead(root, new ReadContext(problems), out var written) && !problems.HasErrors)
        {
            (snapshot, place) = Complete(written, root, problems, options is { IsFragment: true });
        }

        return new(problems.HasErrors ? null : snapshot, problems.ToList(), reader.Sources) { Placed = place };
    }

    private static (Snapshot Snapshot, Func<Finding, Problem> Place) Complete(
        SnapshotOptions written,
        MappingNode root,
        ProblemList problems,
        bool isFragment
    )
    {
        var findings = new Findings();
        var (snapshot, origins) = ServiceExpansion.Apply(written, findings);
        var found = findings.All.Count > 0 || isFragment ? findings.All : SnapshotValidator.Validate(snapshot);
        foreach (var finding in found)
        {
            problems.Add(Place(finding));
        }

        return (snapshot, Place);

        Problem Place(Finding finding)
        {
            var path = origins.Written(finding.Path.Segments);
            return (finding with { Path = new ModelPath(path) }).ToProblem(NodeLocator.Find(root, path));
        }
    }
}
