namespace Fulcrum.Acme.Client;

/// <summary>Nonces that came with answers and are good for one request each (RFC 8555 section 6.5).</summary>
internal sealed class NoncePool
{
    private const int Most = 8;

    private readonly Lock _lock = new();
    private readonly Stack<string> _nonces = new();

    public void Add(string? nonce)
    {
        lock (_lock)
        {
            if (nonce is not null && _nonces.Count < Most)
            {
                _nonces.Push(nonce);
            }
        }
    }

    /// <summary>The newest, which is the least likely to have grown old. Null: there is none.</summary>
    public string? Take()
    {
        lock (_lock)
        {
            return _nonces.TryPop(out var nonce) ? nonce : null;
        }
    }

    /// <summary>One was refused: those beside it are no better.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _nonces.Clear();
        }
    }
}
