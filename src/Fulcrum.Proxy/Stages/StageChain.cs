using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Stages;

/// <summary>The stages of one direction of a session, in the order in which bytes pass them.</summary>
internal sealed class StageChain
{
    private readonly ByteStage[] _stages;

    private StageChain(ByteStage[] stages) => _stages = stages;

    /// <summary>Null: there are none.</summary>
    public static StageChain? Of(
        Items<PlaneStage> stages,
        IStageHost host,
        StageDirection direction,
        IByteSource source,
        Destination[] destinations,
        StageLog log
    )
    {
        if (stages.IsEmpty)
        {
            return null;
        }
        var made = new ByteStage[stages.Count];
        for (var index = 0; index < made.Length; index++)
        {
            var stage = stages[index];
            var destination = stage.Destination is { } place ? destinations[place] : null;
            made[index] = StageCatalogue.Create(stage, new(stage.Name, host, direction, source, destination, log));
            source = made[index];
        }
        return new StageChain(made);
    }

    /// <summary>What has passed all of them.</summary>
    public int Read(Span<byte> buffer) => _stages[^1].Read(buffer);

    public void Close()
    {
        foreach (var stage in _stages)
        {
            stage.Close();
        }
    }
}
