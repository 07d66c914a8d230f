using System.Globalization;
using System.Text.Json.Nodes;
using Fulcrum.Configuration.Language;
using Fulcrum.Configuration.Nodes;
using Fulcrum.Configuration.Problems;
using Fulcrum.Configuration.Shapes;
using Fulcrum.TestKit.Schemas;

namespace Fulcrum.Configuration.Tests.Schemas;

public sealed class SchemaTests
{
    private static readonly string Committed = Path.Join(Repository.Root, "schema", "fulcrum.schema.json");
    private static readonly string Page = Path.Join(Repository.Root, "docs", "configuration-reference.md");

    internal static SchemaChecker Checker { get; } = new(JsonNode.Parse(NativeLanguage.Schema())!.AsObject());

    public static TheoryData<string> Examples => ExampleTests.Files;

    [Fact]
    public void The_committed_schema_is_that_of_the_language() => AssertCommitted(Committed, NativeLanguage.Schema());

    [Fact]
    public void The_committed_reference_is_that_of_the_language() =>
        AssertCommitted(Page, NativeLanguage.ReferencePage());

    private static void AssertCommitted(string file, string generated)
    {
        if (Environment.GetEnvironmentVariable("FULCRUM_UPDATE") == "1")
        {
            File.WriteAllText(file, generated);
        }

        Assert.Equal(File.ReadAllText(file), generated);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Examples_are_valid(string file) => Assert.Null(Checker.Check(Read(Path.Join(Repository.Root, file))));

    [Theory]
    [InlineData("unknown-key.yaml")]
    [InlineData("unknown-word.yaml")]
    [InlineData("missing-key.yaml")]
    [InlineData("cases-none.yaml")]
    [InlineData("cases-two.yaml")]
    [InlineData("bad-integer.yaml")]
    [InlineData("bad-boolean.yaml")]
    [InlineData("bad-duration.yaml")]
    [InlineData("bad-name.yaml")]
    [InlineData("bad-secret.yaml")]
    [InlineData("bad-listener.yaml")]
    [InlineData("list-for-object.yaml")]
    [InlineData("object-for-scalar.yaml")]
    public void Broken_files_are_not(string file) =>
        Assert.NotNull(Checker.Check(Read(Path.Join(Repository.Tests, "Broken", file))));

    [Fact]
    public void A_variable_may_stand_wherever_a_scalar_may()
    {
        var text = """
            { "group": "${G}", "nodes": { "a": { "threads": "${T}", "enabled": "${E:-true}", "address": "${A}" } },
              "services": { "w": { "listen": "tcp://:${P}", "plane": "${P}", "backends": ["${B}"], "persist": "${D}" } } }
            """;
        Assert.Null(Checker.Check(JsonNode.Parse(text)));
    }

    [Fact]
    public void The_reference_page_names_every_definition_of_the_schema()
    {
        var page = NativeLanguage.ReferencePage();
        var definitions = JsonNode.Parse(NativeLanguage.Schema())!["$defs"]!.AsObject();
        foreach (var (name, definition) in definitions.Where(pair => pair.Value!["properties"] is not null))
        {
            Assert.Contains($"## {name}\n", page, StringComparison.Ordinal);
            foreach (var (key, _) in definition!["properties"]!.AsObject())
            {
                Assert.Contains($"| `{key}` |", page, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_name_in_the_schema_means_one_thing()
    {
        var definitions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var shape in All(SnapshotShape.Shape, []))
        {
            var builder = new SchemaBuilder();
            var reference = (string?)shape.Schema(builder)["$ref"];
            if (reference is not null)
            {
                var name = reference["#/$defs/".Length..];
                var definition = builder.Definitions()[name]!.ToJsonString();
                Assert.Equal(definitions.GetValueOrDefault(name, definition), definition);
                definitions[name] = definition;
            }
        }

        Assert.True(definitions.Count > 50);
    }

    private static HashSet<Shape> All(Shape shape, HashSet<Shape> seen)
    {
        if (seen.Add(shape))
        {
            foreach (var part in shape.Parts)
            {
                All(part, seen);
            }
        }

        return seen;
    }

    // As an editor sees it: plain scalars have the types of YAML's core schema.
    private static JsonNode? Read(string path)
    {
        var problems = new ProblemList();
        var source = SourceText.From(path, File.ReadAllBytes(path));
        var expansion = new Expansion(new Dictionary<string, string>(StringComparer.Ordinal), problems);
        var budget = new NodeBudget(NodeLimits.Default);
        return path.EndsWith(".json", StringComparison.Ordinal)
            ? JsonNode.Parse(source.Bytes.Span)
            : Typed(YamlReader.Read(source, budget, expansion, problems)!);
    }

    private static JsonNode? Typed(ConfigNode node) =>
        node switch
        {
            MappingNode mapping => new JsonObject(
                mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key, Typed(entry.Value)))
            ),
            SequenceNode list => new JsonArray([.. list.Items.Select(Typed)]),
            ScalarNode { IsNull: true } => null,
            ScalarNode { Style: ScalarStyle.Plain, Text: "true" or "false" } truth => truth.Text == "true",
            ScalarNode { Style: ScalarStyle.Plain } number
                when double.TryParse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) =>
                value,
            _ => ((ScalarNode)node).Text,
        };
}
