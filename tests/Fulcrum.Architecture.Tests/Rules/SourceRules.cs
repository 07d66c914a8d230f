using System.Text.RegularExpressions;

namespace Fulcrum.Architecture.Tests.Rules;

/// <summary>Rules about the text of C# files. A violation names the file.</summary>
internal static partial class SourceRules
{
    public const int MostLines = 800;
    public const int MedianLines = 100;

    private const RegexOptions Options = RegexOptions.Multiline | RegexOptions.ExplicitCapture;
    private const int MostMilliseconds = 30_000;

    /// <summary>The namespace is the path: <c>src/Fulcrum.X/A/B.cs</c> declares <c>Fulcrum.X.A</c>.</summary>
    public static IEnumerable<string> WrongNamespaces(IEnumerable<SourceFile> files)
    {
        foreach (var file in files)
        {
            var parts = file.Path.Split('/');
            var expected = string.Join('.', parts[1..^1]);
            var declared = Namespace().Match(file.Text);
            if (
                declared.Success
                    ? declared.Groups["name"].Value != expected
                    : file.Name is not ("Program.cs" or "GlobalUsings.cs" or "AssemblyInfo.cs")
            )
            {
                yield return $"{file.Path} declares {(declared.Success ? declared.Groups["name"].Value : "nothing")}, not {expected}";
            }
        }
    }

    public static IEnumerable<string> TooLong(IEnumerable<SourceFile> files) =>
        files.Where(file => file.Lines > MostLines).Select(file => $"{file.Path} has {file.Lines} lines");

    /// <summary>The middle one of the lengths; 0 without files.</summary>
    public static int Median(IEnumerable<SourceFile> files)
    {
        var lengths = files.Select(file => file.Lines).Order().ToArray();
        return lengths.Length == 0 ? 0 : lengths[lengths.Length / 2];
    }

    /// <summary>
    /// One public type a file. A family may share one: a union of records and enums, the interfaces of one port, or
    /// one name with and without type parameters. A delegate may stand beside what takes it.
    /// </summary>
    public static IEnumerable<string> SeveralPublicTypes(IEnumerable<SourceFile> files)
    {
        foreach (var file in files)
        {
            var types = PublicType()
                .Matches(file.Text)
                .Select(type => (Kind: type.Groups["kind"].Value, Name: type.Groups["name"].Value))
                .Where(type => type.Kind != "delegate")
                .ToArray();
            var union = types.All(type =>
                type.Kind == "enum" || type.Kind.StartsWith("record", StringComparison.Ordinal)
            );
            var port = types.All(type => type.Kind == "interface");
            var names = types.Select(type => type.Name).Distinct(StringComparer.Ordinal).ToArray();
            if (!union && !port && names.Length > 1)
            {
                yield return $"{file.Path} has {string.Join(", ", names)}";
            }
        }
    }

    public static IEnumerable<string> Sleeps(IEnumerable<SourceFile> files) =>
        files.Where(file => Sleep().IsMatch(file.Text)).Select(file => $"{file.Path} sleeps");

    /// <summary>Log messages are source-generated, in <c>X.Log.cs</c>, where they can be read as a list.</summary>
    public static IEnumerable<string> LogMessagesElsewhere(IEnumerable<SourceFile> files) =>
        files
            .Where(file =>
                AdHocLog().IsMatch(file.Text)
                || (Message().IsMatch(file.Text) && !file.Name.EndsWith(".Log.cs", StringComparison.Ordinal))
            )
            .Select(file => $"{file.Path} has log messages of its own");

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", Options, MostMilliseconds)]
    private static partial Regex Namespace();

    [GeneratedRegex(
        @"^public (?:(?:static|sealed|abstract|partial|readonly|ref|unsafe) )*(?<kind>class|struct|interface|enum|delegate|record(?: struct| class)?) (?<name>\w+)",
        Options,
        MostMilliseconds
    )]
    private static partial Regex PublicType();

    [GeneratedRegex(@"\bThread\s*\.\s*Sleep\b", Options, MostMilliseconds)]
    private static partial Regex Sleep();

    [GeneratedRegex(@"^\s*\[LoggerMessage\b", Options, MostMilliseconds)]
    private static partial Regex Message();

    [GeneratedRegex(@"\.Log(?:Trace|Debug|Information|Warning|Error|Critical)\(", Options, MostMilliseconds)]
    private static partial Regex AdHocLog();
}
