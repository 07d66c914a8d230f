using System.Collections.Frozen;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Stages;

namespace Fulcrum.Proxy.DatagramStages;

/// <summary>All stages that there are for datagrams: each is a class, and a line here.</summary>
internal static class DatagramStageCatalogue
{
    private static readonly FrozenDictionary<Type, Func<StageSpec, DatagramStageContext, DatagramStage>> Specified =
        new Dictionary<Type, Func<StageSpec, DatagramStageContext, DatagramStage>>
        {
            [typeof(LoggerStage)] = (spec, context) => new DatagramLogger((LoggerStage)spec, context),
            [typeof(RateLimitStage)] = (spec, context) => new DatagramPolicer((RateLimitStage)spec, context),
            [typeof(TeeStage)] = (_, context) => new DatagramMirror(context),
        }.ToFrozenDictionary();

    private static readonly FrozenDictionary<BuiltInStage, Func<DatagramStageContext, DatagramStage>> BuiltIn =
        new Dictionary<BuiltInStage, Func<DatagramStageContext, DatagramStage>>
        {
            [BuiltInStage.Echo] = context => new DatagramEcho(context),
            [BuiltInStage.Discard] = context => new DatagramDiscard(context),
        }.ToFrozenDictionary();

    public static DatagramStage Create(PlaneStage stage, DatagramStageContext context) =>
        stage.Spec is SimpleStage simple
            ? BuiltIn[simple.Kind](context)
            : Specified[stage.Spec.GetType()](stage.Spec, context);
}
