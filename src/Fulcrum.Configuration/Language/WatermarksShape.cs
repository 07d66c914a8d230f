using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Configuration.Language;

internal static class WatermarksShape
{
    public static Shape<Watermarks> Shape { get; } =
        new ObjectShape<Watermarks>("healthy", "How many healthy backends make a healthy service.", new Watermarks())
            .Field(
                "at-least",
                Quantities.Amount,
                marks => marks.AtLeast,
                (marks, value) => marks with { AtLeast = value },
                "So many (2) or such a share (60%) must be healthy for the service to come up."
            )
            .Optional(
                "keep-while",
                Quantities.Amount,
                marks => marks.KeepWhile,
                (marks, value) => marks with { KeepWhile = value },
                "Once up, it stays up while so many are healthy; the same as at-least when left out."
            )
            .Field(
                "when-none",
                Words.Of<WhenNone>(),
                marks => marks.WhenNone,
                (marks, value) => marks with { WhenNone = value },
                "Without a healthy backend the service is down (fail), or all are tried (all)."
            )
            .Or(Quantities.Amount, amount => new Watermarks { AtLeast = amount }, marks => marks.AtLeast);
}
