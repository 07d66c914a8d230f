namespace Fulcrum.Protocols.Http2;

/// <summary>Gathers frames from bytes as they come; holds one of them.</summary>
internal sealed class Http2FrameReader
{
    private byte[] _held = new byte[256];
    private int _count;

    public Http2Frame Frame => Http2Frame.Read(_held);

    public ReadOnlySpan<byte> Payload => _held.AsSpan(Http2Frame.HeadLength, Frame.Length);

    /// <summary>The head of the frame has come, and perhaps more of it.</summary>
    public bool HasHead => _count >= Http2Frame.HeadLength;

    public bool IsWhole => HasHead && _count == Http2Frame.HeadLength + Frame.Length;

    public ReadOnlySpan<byte> Head => _held.AsSpan(0, Http2Frame.HeadLength);

    /// <summary>
    /// Takes what is still missing of the head, then of the payload. Who calls has looked at the head before it takes
    /// the payload, so that what is held stays below the longest frame there may be.
    /// </summary>
    public void Take(ref ReadOnlySpan<byte> data)
    {
        if (IsWhole)
        {
            _count = 0;
        }

        var length = HasHead ? Http2Frame.HeadLength + Frame.Length : Http2Frame.HeadLength;
        if (length > _held.Length)
        {
            Array.Resize(ref _held, length);
        }

        var part = data[..Math.Min(data.Length, length - _count)];
        part.CopyTo(_held.AsSpan(_count));
        _count += part.Length;
        data = data[part.Length..];
    }
}
