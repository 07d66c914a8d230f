using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Fulcrum.Configuration.Nodes;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Shapes;

/// <summary>Where a secret is kept. A secret itself is refused, and not repeated in the message.</summary>
internal sealed class SecretShape : Shape<SecretReference>
{
    private static readonly ObjectShape<SecretReference> Reference = new ObjectShape<SecretReference>(
        "secret",
        "Where a secret is kept; it never stands in the configuration itself.",
        new SecretReference(null, null)
    )
        .Case(
            "file",
            Scalars.FilePath,
            secret => secret.File,
            (_, file) => new(file, null),
            "A file that holds nothing else."
        )
        .Case(
            "env",
            Scalars.Word,
            secret => secret.Variable,
            (_, name) => new(null, name),
            "An environment variable of the daemon."
        );

    public static SecretShape Shape { get; } = new();

    public override string Expected => "{ file: PATH } or { env: NAME }";

    public override IEnumerable<Shape> Parts => [Reference];

    public override bool TryRead(ConfigNode node, ReadContext context, [MaybeNullWhen(false)] out SecretReference value)
    {
        if (node is MappingNode or ScalarNode { IsNull: true })
        {
            return Reference.TryRead(node, context, out value);
        }

        value = null;
        return context.Fail(
            node,
            "a secret must not stand in the configuration, where copies, listings and logs would show it",
            Expected
        );
    }

    public override ConfigNode Write(SecretReference value) => Reference.Write(value);

    public override JsonObject Schema(SchemaBuilder builder) => Reference.Schema(builder);
}
