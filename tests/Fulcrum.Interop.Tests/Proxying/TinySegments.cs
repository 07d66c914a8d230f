using System.Net.Sockets;

namespace Fulcrum.Interop.Tests.Proxying;

/// <summary>A connection whose every few bytes go in a segment of their own, as far as the kernel does what it is told.</summary>
internal sealed class TinySegments(Socket socket, int length) : NetworkStream(socket, ownsSocket: true)
{
    /// <summary>How many segments there were.</summary>
    public int Segments { get; private set; }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        Socket.NoDelay = true;
        for (var at = 0; at < buffer.Length; at += length)
        {
            await base.WriteAsync(buffer.Slice(at, Math.Min(length, buffer.Length - at)), cancellationToken);
            Segments++;
        }
    }
}
