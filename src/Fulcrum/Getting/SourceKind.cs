using Fulcrum.Api.Objects;
using Fulcrum.Output;

namespace Fulcrum.Getting;

internal static class SourceKind
{
    public static ObjectKind Kind { get; } =
        new DocumentKind<SourceDocument>(
            "source",
            "sources",
            NodeJson.Lenient.SourceDocument,
            source => [source.Name],
            new(new("NAME") { Least = 20, KeepsEnd = true }, (source, _) => source.Name),
            new(new("KIND") { Drop = 2 }, (source, _) => source.Kind),
            new(
                new("OBJECTS") { Least = 14, Drop = 1 },
                (source, _) =>
                    string.Join(
                        ", ",
                        source.Objects.Select(kind =>
                            $"{kind.Value} {(kind.Value == 1 ? kind.Key.TrimEnd('s') : kind.Key)}"
                        )
                    )
            ),
            new(
                new("QUARANTINED") { Least = 14, Optional = true },
                (source, _) =>
                    new(
                        string.Join(
                            "; ",
                            source.Quarantined.Select(one =>
                                one.Problems.Count > 0 ? $"{one.Object}: {one.Problems[0].Message}" : one.Object
                            )
                        ),
                        Tone.Bad
                    )
            )
        );
}
