using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Fulcrum.Acme.Keys;
using Fulcrum.Engine.Secrets;
using Fulcrum.Model.Tls;
using Fulcrum.Protocols.Acme;

namespace Fulcrum.Acme.Client;

/// <summary>
/// Asks one authority (RFC 8555). It tells in its directory where it does what; we have an account there, which is our
/// key; every request beside the directory is a POST that the key signs, also one that only gets. The account is looked
/// up, or made, once in the life of this client: an authority that knows the key answers with the account that it has.
/// </summary>
internal sealed class AcmeClient(HttpClient http, AcmeSettings settings, AccountKey key, TimeProvider time)
    : IDisposable
{
    private const string Json = "application/json";
    private const string Chain = "application/pem-certificate-chain";

    private readonly AcmeTransport _transport = new(http, settings.Directory, time);
    private readonly SemaphoreSlim _opening = new(1);
    private volatile AcmeDirectory? _directory;
    private volatile Uri? _account;

    public string Thumbprint => key.Thumbprint;

    private string Host => settings.Directory.Host;

    public async Task<(Uri Url, AcmeOrder Order)> NewOrderAsync(
        string name,
        string? replaces,
        CancellationToken cancellation
    )
    {
        var directory = await DirectoryAsync(cancellation);
        var answer = await PostAsync(directory.NewOrder, AcmePayloads.NewOrder(name, replaces), Json, cancellation);
        return (
            answer.Location ?? throw new AcmeException($"{Host} does not say where the order is"),
            AcmeDocuments.ReadOrder(answer.Body) ?? throw Strange("an order")
        );
    }

    /// <summary>How far an order is, and when to ask again.</summary>
    public async Task<(AcmeOrder Order, TimeSpan? RetryAfter)> OrderAsync(Uri url, CancellationToken cancellation)
    {
        var answer = await PostAsync(url, default, Json, cancellation);
        return (AcmeDocuments.ReadOrder(answer.Body) ?? throw Strange("an order"), answer.RetryAfter);
    }

    public async Task<(AcmeAuthorization Authorization, TimeSpan? RetryAfter)> AuthorizationAsync(
        Uri url,
        CancellationToken cancellation
    )
    {
        var answer = await PostAsync(url, default, Json, cancellation);
        return (AcmeDocuments.ReadAuthorization(answer.Body) ?? throw Strange("an authorization"), answer.RetryAfter);
    }

    /// <summary>The challenge can be looked at from now on.</summary>
    public Task AnswerAsync(Uri challenge, CancellationToken cancellation) =>
        PostAsync(challenge, AcmePayloads.Nothing.ToArray(), Json, cancellation);

    public Task FinalizeAsync(Uri finalize, byte[] request, CancellationToken cancellation) =>
        PostAsync(finalize, AcmePayloads.Finalize(request), Json, cancellation);

    /// <summary>The certificate and those of its authorities, PEM.</summary>
    public async Task<string> CertificateAsync(Uri url, CancellationToken cancellation) =>
        Encoding.ASCII.GetString((await PostAsync(url, default, Chain, cancellation)).Body.Span);

    /// <summary>Whether the authority says when to renew; <c>replaces</c> is understood only then.</summary>
    public async Task<bool> TellsRenewalAsync(CancellationToken cancellation) =>
        (await DirectoryAsync(cancellation)).RenewalInfo is not null;

    /// <summary>When it wants this certificate to be renewed, and when to ask again. Null: it says nothing (RFC 9773).</summary>
    public async Task<(AcmeRenewalInfo Info, TimeSpan? RetryAfter)?> RenewalInfoAsync(
        string certificate,
        CancellationToken cancellation
    )
    {
        if ((await DirectoryAsync(cancellation)).RenewalInfo is not { } place)
        {
            return null;
        }

        var url = new Uri($"{place.OriginalString.TrimEnd('/')}/{certificate}");
        var answer = await _transport.GetAsync(url, cancellation);
        return (AcmeDocuments.ReadRenewalInfo(answer.Body) ?? throw Strange("a renewal"), answer.RetryAfter);
    }

    public void Dispose()
    {
        http.Dispose();
        key.Dispose();
        _opening.Dispose();
    }

    private async Task<AcmeAnswer> PostAsync(
        Uri url,
        ReadOnlyMemory<byte> payload,
        string accept,
        CancellationToken cancellation
    )
    {
        var directory = await DirectoryAsync(cancellation);
        var account = await AccountAsync(directory, cancellation);
        try
        {
            return await _transport.PostAsync(
                url,
                directory.NewNonce,
                nonce => JsonWebSignature.ByAccount(account, url, nonce, payload.Span, key.Sign),
                accept,
                cancellation
            );
        }
        catch (AcmeException error) when (error.Kind == AcmeProblem.AccountDoesNotExist)
        {
            _account = null;
            throw;
        }
    }

    private async Task<AcmeDirectory> DirectoryAsync(CancellationToken cancellation)
    {
        if (_directory is { } known)
        {
            return known;
        }

        var answer = await _transport.GetAsync(settings.Directory, cancellation);
        return _directory = AcmeDocuments.ReadDirectory(answer.Body) ?? throw Strange("a directory");
    }

    private async Task<Uri> AccountAsync(AcmeDirectory directory, CancellationToken cancellation)
    {
        if (_account is { } known)
        {
            return known;
        }

        // Names that are ordered at once are of one account.
        await _opening.WaitAsync(cancellation);
        try
        {
            return _account ??= await OpenAsync(directory, cancellation);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<Uri> OpenAsync(AcmeDirectory directory, CancellationToken cancellation)
    {
        if (directory.NeedsExternalAccount && settings.ExternalAccount is null)
        {
            throw new AcmeException($"{Host} wants an account that was made elsewhere: 'acme: {{ external-account }}'");
        }

        var payload = AcmePayloads.NewAccount(settings.Email, Binding(directory));
        var answer = await _transport.PostAsync(
            directory.NewAccount,
            directory.NewNonce,
            nonce => JsonWebSignature.ByKey(key.Web, directory.NewAccount, nonce, payload, key.Sign),
            Json,
            cancellation
        );
        return AcmeDocuments.ReadAccount(answer.Body) switch
        {
            AcmeStatus.Valid => answer.Location ?? throw new AcmeException($"{Host} does not say where the account is"),
            null => throw Strange("an account"),
            var status => throw new AcmeException($"{Host} has closed our account: it is {status}"),
        };
    }

    private byte[]? Binding(AcmeDirectory directory)
    {
        if (settings.ExternalAccount is not { } account)
        {
            return null;
        }

        try
        {
            var secret = Base64Url.DecodeFromChars(SecretFile.ReadText(account.Key).TrimEnd('='));
            return JsonWebSignature.ExternalAccount(
                account.KeyId,
                directory.NewAccount,
                key.Web,
                message => HMACSHA256.HashData(secret, message)
            );
        }
        catch (SecretException error)
        {
            throw new AcmeException(error.Message, error);
        }
        catch (FormatException error)
        {
            // What it is stays out of messages.
            throw new AcmeException($"the key of the external account, {account.Key}, is not base64url", error);
        }
    }

    private AcmeException Strange(string what) => new($"what {Host} answered is not {what}");
}
