namespace Fulcrum.Protocols.Framing;

/// <summary>
/// Takes the messages out of a stream that <see cref="LengthFraming"/> made, in pieces of any size. A message that lies
/// whole in a piece is given as it lies there; one that comes in several is gathered in a store of the caller, who needs
/// none before that. A message may be empty.
/// </summary>
public struct LengthDeframer
{
    private int _length;
    private int _prefix;
    private int _kept;

    /// <summary>Nothing of a message has come that is not whole yet.</summary>
    public readonly bool IsBetweenMessages => _prefix == 0;

    /// <summary>All of the length of the message that has begun is known.</summary>
    public readonly bool HasLength => _prefix == LengthFraming.PrefixLength;

    /// <summary>Bytes that have to come before anything more is known: of a length, or of its message.</summary>
    public readonly int Missing =>
        _prefix < LengthFraming.PrefixLength ? LengthFraming.PrefixLength - _prefix : _length - _kept;

    /// <summary>What the store has to have room for; known when all of the length has come.</summary>
    public readonly int StoreLength => _length;

    /// <summary>Something lies in the store, which has to be the same one next time.</summary>
    public readonly bool NeedsStore => _kept > 0;

    /// <summary>The next whole message.</summary>
    /// <param name="data">The stream goes on with this; what is taken of it is cut off.</param>
    /// <param name="store">The same from one call to the next while <see cref="NeedsStore"/>.</param>
    /// <param name="message">In one of the two.</param>
    /// <returns>
    /// False: more has to come first; or, where something is left of <paramref name="data"/>, the store is shorter than
    /// <see cref="StoreLength"/>.
    /// </returns>
    public bool TryRead(ref ReadOnlySpan<byte> data, Span<byte> store, out ReadOnlySpan<byte> message)
    {
        message = default;
        for (; _prefix < LengthFraming.PrefixLength; _prefix++)
        {
            if (data.IsEmpty)
            {
                return false;
            }

            _length = (_length << 8) | data[0];
            data = data[1..];
        }

        if (_kept == 0 && data.Length >= _length)
        {
            message = data[.._length];
            data = data[_length..];
            this = default;
            return true;
        }

        if (data.IsEmpty || store.Length < _length)
        {
            return false;
        }

        var taken = Math.Min(data.Length, _length - _kept);
        data[..taken].CopyTo(store[_kept..]);
        data = data[taken..];
        _kept += taken;
        if (_kept < _length)
        {
            return false;
        }

        message = store[.._length];
        this = default;
        return true;
    }
}
