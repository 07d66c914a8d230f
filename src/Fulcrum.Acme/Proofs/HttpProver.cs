using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fulcrum.Acme.Client;

namespace Fulcrum.Acme.Proofs;

/// <summary>
/// HTTP-01 (RFC 8555 section 8.3): a page below the name. It is listened for only while an authority is to look, so that
/// there is nothing to attack, or to be in anybody's way, for the rest of the time.
/// </summary>
internal sealed class HttpProver(IPEndPoint place) : IProver
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, string> _pages = new(StringComparer.Ordinal);
    private HttpProofListener? _listener;

    public string Type => "http-01";

    /// <summary>Where it really listens. Null: nobody is to look.</summary>
    public IPEndPoint? EndPoint
    {
        get
        {
            lock (_lock)
            {
                return _listener?.EndPoint;
            }
        }
    }

    public Task PresentAsync(Proof proof, CancellationToken cancellation)
    {
        lock (_lock)
        {
            try
            {
                _listener ??= HttpProofListener.Start(place, _pages.GetValueOrDefault);
            }
            catch (SocketException error)
            {
                throw new AcmeException($"cannot listen at {place}: {error.Message}", error);
            }

            _pages[proof.Token] = proof.KeyAuthorization;
            return Task.CompletedTask;
        }
    }

    public Task WithdrawAsync(Proof proof)
    {
        lock (_lock)
        {
            _pages.TryRemove(proof.Token, out _);
            if (_pages.IsEmpty)
            {
                _listener?.Dispose();
                _listener = null;
            }

            return Task.CompletedTask;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _pages.Clear();
            _listener?.Dispose();
            _listener = null;
        }
    }
}
