using Fulcrum.Engine.Ports;

namespace Fulcrum.Engine.Tests.Simulation;

/// <summary>Stands before an adapter and sees what the engine asks, before it is done.</summary>
internal sealed class Watched<T>(IObjectAdapter<T> adapter, Action<T> setting, Action<T> removing, Action<T> known)
    : IObjectAdapter<T>
    where T : class
{
    public async ValueTask<IReadOnlyList<T>> ReadAsync(CancellationToken cancellation)
    {
        var found = await adapter.ReadAsync(cancellation);
        foreach (var item in found)
        {
            known(item);
        }

        return found;
    }

    public async ValueTask SetAsync(T wanted, CancellationToken cancellation)
    {
        setting(wanted);
        await adapter.SetAsync(wanted, cancellation);
        known(wanted);
    }

    public ValueTask RemoveAsync(T present, CancellationToken cancellation)
    {
        removing(present);
        return adapter.RemoveAsync(present, cancellation);
    }
}
