using System.Collections.Frozen;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Stages;

namespace Fulcrum.Proxy.Stages;

/// <summary>All stages that there are: each is a class, and a line here.</summary>
internal static class StageCatalogue
{
    private static readonly FrozenDictionary<Type, Func<StageSpec, StageContext, ByteStage>> Specified = new Dictionary<
        Type,
        Func<StageSpec, StageContext, ByteStage>
    >
    {
        [typeof(LoggerStage)] = (spec, context) => new LoggingStage((LoggerStage)spec, context),
        [typeof(RateLimitStage)] = (spec, context) => new PacingStage((RateLimitStage)spec, context),
        [typeof(TeeStage)] = (_, context) => new MirroringStage(context),
        [typeof(UpstreamStage)] = (_, context) => new DetourStage(context),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<BuiltInStage, Func<StageContext, ByteStage>> BuiltIn = new Dictionary<
        BuiltInStage,
        Func<StageContext, ByteStage>
    >
    {
        [BuiltInStage.Echo] = context => new EchoStage(context),
        [BuiltInStage.Discard] = context => new DiscardStage(context),
    }.ToFrozenDictionary();

    public static ByteStage Create(PlaneStage stage, StageContext context) =>
        stage.Spec is SimpleStage simple
            ? BuiltIn[simple.Kind](context)
            : Specified[stage.Spec.GetType()](stage.Spec, context);
}
