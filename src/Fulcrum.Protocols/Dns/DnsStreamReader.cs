namespace Fulcrum.Protocols.Dns;

/// <summary>
/// Reads one message from a TCP connection, in pieces of any size: two octets of length, and as many of message
/// (RFC 1035 section 4.2.2, RFC 7766 section 8). What follows is left alone.
/// </summary>
public sealed class DnsStreamReader
{
    private const int Prefix = 2;

    private readonly byte[] _length = new byte[Prefix];
    private byte[] _message = [];
    private int _read;

    public bool IsComplete => _read >= Prefix && _read == Prefix + _message.Length;

    /// <summary>What has come of the message: all of it when complete.</summary>
    public ReadOnlySpan<byte> Message => _message.AsSpan(0, Math.Max(0, _read - Prefix));

    /// <summary>Takes the next bytes.</summary>
    public void Feed(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty && !IsComplete)
        {
            var target = _read < Prefix ? _length.AsSpan(_read) : _message.AsSpan(_read - Prefix);
            var taken = Math.Min(target.Length, data.Length);
            data[..taken].CopyTo(target);
            data = data[taken..];
            _read += taken;
            if (_read == Prefix)
            {
                _message = new byte[_length[0] << 8 | _length[1]];
            }
        }
    }
}
