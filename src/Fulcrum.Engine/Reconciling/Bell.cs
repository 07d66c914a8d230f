using System.Threading.Channels;

namespace Fulcrum.Engine.Reconciling;

/// <summary>Wakes one waiter. Rings that nobody heard yet are one.</summary>
internal sealed class Bell
{
    private readonly Channel<bool> _rung = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public void Ring() => _rung.Writer.TryWrite(true);

    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => _rung.Reader.ReadAsync(cancellation);
}
