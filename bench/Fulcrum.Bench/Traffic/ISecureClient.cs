using Fulcrum.Tls.Engine;

namespace Fulcrum.Bench.Traffic;

/// <summary>A client's end of TLS, as a codec: see <see cref="TlsEngine"/>, which one of them is.</summary>
internal interface ISecureClient : IDisposable
{
    bool IsEstablished { get; }

    bool IsResumed { get; }

    /// <summary>Version and cipher.</summary>
    string Agreed { get; }

    TlsTurn Receive(ReadOnlySpan<byte> wire, Span<byte> plain, Span<byte> reply);

    TlsTurn Send(ReadOnlySpan<byte> plain, Span<byte> wire);

    TlsTurn Finish(Span<byte> wire);
}
