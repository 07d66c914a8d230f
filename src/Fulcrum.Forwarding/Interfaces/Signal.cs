using System.Threading.Channels;

namespace Fulcrum.Forwarding.Interfaces;

/// <summary>Wakes one waiter. Rings that nobody heard yet are one.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> _rung = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public void Ring() => _rung.Writer.TryWrite(true);

    /// <summary>Forgets a ring that nobody heard.</summary>
    public void Hush() => _rung.Reader.TryRead(out _);

    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => _rung.Reader.ReadAsync(cancellation);
}
