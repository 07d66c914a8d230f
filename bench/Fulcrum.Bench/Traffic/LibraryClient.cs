using Fulcrum.Tls.Engine;

namespace Fulcrum.Bench.Traffic;

/// <summary>A client as there are many: it is OpenSSL, and does all that a client has to do.</summary>
internal sealed class LibraryClient(TlsEngine engine) : ISecureClient
{
    public bool IsEstablished => engine.IsEstablished;

    public bool IsResumed => engine.IsResumed;

    public string Agreed => $"{engine.Version}, {engine.Cipher}";

    public TlsTurn Receive(ReadOnlySpan<byte> wire, Span<byte> plain, Span<byte> reply) =>
        engine.Receive(wire, plain, reply);

    public TlsTurn Send(ReadOnlySpan<byte> plain, Span<byte> wire) => engine.Send(plain, wire);

    public TlsTurn Finish(Span<byte> wire) => engine.Finish(wire);

    public void Dispose() => engine.Dispose();
}
