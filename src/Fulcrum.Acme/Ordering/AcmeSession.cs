using Fulcrum.Acme.Client;
using Fulcrum.Acme.Keys;
using Fulcrum.Acme.Proofs;
using Fulcrum.Acme.Storage;
using Fulcrum.Model.Tls;

namespace Fulcrum.Acme.Ordering;

/// <summary>
/// What belongs to one authority as it is configured. It is opened by the first who needs it and not before: a key or a
/// file that cannot be read is then an error of the name that was to be ordered, shown and tried again as any other.
/// </summary>
internal sealed class AcmeSession(
    AcmeSettings settings,
    string state,
    IProver prover,
    AcmeLimits limits,
    TimeProvider time
) : IDisposable
{
    private readonly SemaphoreSlim _opening = new(1);
    private volatile AcmeClient? _client;

    public AcmeSettings Settings => settings;

    public AcmeFolder Folder { get; } = new(state, settings.Directory);

    public IProver Prover => prover;

    /// <summary>Until then nothing is asked, whatever name it is for.</summary>
    public DateTimeOffset PausedUntil { get; set; }

    public async Task<AcmeClient> OpenAsync(CancellationToken cancellation)
    {
        if (_client is { } open)
        {
            return open;
        }

        await _opening.WaitAsync(cancellation);
        try
        {
            return _client ??= Open();
        }
        finally
        {
            _opening.Release();
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        _opening.Dispose();
        prover.Dispose();
    }

    private AcmeClient Open()
    {
        var key = AccountKey.Open(Folder.AccountKey);
        try
        {
            return new(AuthorityConnection.Open(settings.Authorities, limits.Answer), settings, key, time);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
