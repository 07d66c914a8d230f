using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Stages;

namespace Fulcrum.Proxy.DatagramStages;

/// <summary>The stages of one direction of a session, in the order in which datagrams pass them.</summary>
internal sealed class DatagramStageChain
{
    private readonly DatagramStage[] _stages;

    private DatagramStageChain(DatagramStage[] stages) => _stages = stages;

    /// <summary>Null: there are none.</summary>
    /// <param name="stages">In order.</param>
    /// <param name="host">Whose they are.</param>
    /// <param name="direction">Of what passes them.</param>
    /// <param name="end">Where goes what has passed all of them.</param>
    /// <param name="entrance">Where the upstreams are that they need.</param>
    /// <param name="log">Where they write.</param>
    public static DatagramStageChain? Of(
        Items<PlaneStage> stages,
        IDatagramHost host,
        StageDirection direction,
        IDatagramSink end,
        Entrance entrance,
        StageLog log
    )
    {
        if (stages.IsEmpty)
        {
            return null;
        }
        var made = new DatagramStage[stages.Count];
        for (var index = made.Length - 1; index >= 0; index--)
        {
            var stage = stages[index];
            var destination = stage.Destination is { } place ? entrance.Destinations[place] : null;
            made[index] = DatagramStageCatalogue.Create(stage, new(host, direction, end, destination, log));
            end = made[index];
        }
        return new DatagramStageChain(made);
    }

    /// <summary>Lets a datagram pass.</summary>
    public void Take(ReadOnlySpan<byte> datagram) => _stages[0].Take(datagram);

    public void Close()
    {
        foreach (var stage in _stages)
        {
            stage.Close();
        }
    }
}
