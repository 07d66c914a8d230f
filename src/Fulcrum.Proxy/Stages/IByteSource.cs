namespace Fulcrum.Proxy.Stages;

/// <summary>
/// Where bytes come from: a connection, or a stage that they pass. Who reads takes what is there; the result is the
/// number of bytes, 0 at the end of the stream, or a negative errno, of which EAGAIN says that the session will be woken.
/// </summary>
internal interface IByteSource
{
    int Read(Span<byte> buffer);
}
