using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Stages;

namespace Fulcrum.Configuration.Language;

internal static class StageShape
{
    private static readonly Shape<LoggerStage> Logger = new ObjectShape<LoggerStage>(
        "logger-stage",
        "Writes what passes.",
        new LoggerStage(null, null)
    )
        .Field(
            "file",
            Scalars.FilePath,
            logger => logger.File,
            (logger, value) => logger with { File = value },
            "To this file; left out: the program's log."
        )
        .Field(
            "prefix",
            Scalars.Line,
            logger => logger.Prefix,
            (logger, value) => logger with { Prefix = value },
            "Before each entry."
        );

    private static readonly Shape<RateLimitStage> RateLimit = new ObjectShape<RateLimitStage>(
        "rate-limit-stage",
        "A bound on the bytes a second.",
        new RateLimitStage(0, 0)
    )
        .Required(
            "bytes-per-second",
            Quantities.Size,
            limit => limit.BytesPerSecond,
            (limit, value) => limit with { BytesPerSecond = value },
            "In the long run."
        )
        .Required(
            "burst",
            Quantities.Size,
            limit => limit.Burst,
            (limit, value) => limit with { Burst = value },
            "At once after a pause."
        );

    public static Shape<Stage> Shape { get; } =
        new ObjectShape<Stage>(
            "stage",
            "What a proxied stream passes on its way.",
            new Stage { Name = "", Spec = null! }
        )
            .Case(
                "logger",
                Logger,
                stage => stage.Spec as LoggerStage,
                With,
                "Writes what passes to a file or the program's log."
            )
            .Case(
                "tee",
                Scalars.Name.To(name => new TeeStage(name), tee => tee.Upstream),
                stage => stage.Spec as TeeStage,
                With,
                "Copies what passes to an upstream, whose answers are dropped."
            )
            .Case("rate-limit", RateLimit, stage => stage.Spec as RateLimitStage, With, "Bounds the bytes a second.")
            .Case(
                "upstream",
                Scalars.Name.To(name => new UpstreamStage(name), stage => stage.Upstream),
                stage => stage.Spec as UpstreamStage,
                With,
                "The stream goes through a backend of this upstream and comes back from it."
            )
            .Case(
                "built-in",
                Words.Of<BuiltInStage>().To(kind => new SimpleStage(kind), stage => stage.Kind),
                stage => stage.Spec as SimpleStage,
                With,
                "A stage without options; its word alone is short for this."
            )
            .Or(
                Words.Of<BuiltInStage>(),
                kind => new Stage { Name = "", Spec = new SimpleStage(kind) },
                stage => stage.Spec is SimpleStage simple ? simple.Kind : default
            );

    private static Stage With(Stage stage, StageSpec spec) => stage with { Spec = spec };
}
