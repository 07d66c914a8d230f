using System.Net;
using System.Net.Http.Headers;
using Fulcrum.Protocols.Acme;

namespace Fulcrum.Acme.Client;

/// <summary>Makes a request that is signed with this nonce.</summary>
internal delegate byte[] SignRequest(string nonce);

/// <summary>
/// Requests and their answers: every answer is bounded in size and time, every nonce is used once, and one that was
/// refused is replaced (RFC 8555 section 6.5).
/// </summary>
internal sealed class AcmeTransport(HttpClient http, Uri root, TimeProvider time)
{
    private const int MostNonces = 4;
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(7);
    private static readonly MediaTypeHeaderValue SignedJson = new("application/jose+json");

    private readonly NoncePool _nonces = new();

    public async Task<AcmeAnswer> GetAsync(Uri url, CancellationToken cancellation)
    {
        using var request = Request(HttpMethod.Get, url);
        return Checked(await SendAsync(request, cancellation));
    }

    public async Task<AcmeAnswer> PostAsync(
        Uri url,
        Uri newNonce,
        SignRequest sign,
        string accept,
        CancellationToken cancellation
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var nonce = _nonces.Take() ?? await NewNonceAsync(newNonce, cancellation);
            using var request = Request(HttpMethod.Post, url);
            request.Headers.Accept.Add(new(accept));
            request.Content = new ByteArrayContent(sign(nonce));
            request.Content.Headers.ContentType = SignedJson;
            var answer = await SendAsync(request, cancellation);
            if (answer.Status == HttpStatusCode.BadRequest && attempt < MostNonces && IsBadNonce(answer))
            {
                _nonces.Clear();
                _nonces.Add(answer.Nonce);
                continue;
            }

            _nonces.Add(answer.Nonce);
            return Checked(answer);
        }
    }

    private static bool IsBadNonce(AcmeAnswer answer) =>
        AcmeDocuments.ReadProblem(answer.Body)?.Kind == AcmeProblem.BadNonce;

    private async Task<string> NewNonceAsync(Uri newNonce, CancellationToken cancellation)
    {
        using var request = Request(HttpMethod.Head, newNonce);
        var answer = Checked(await SendAsync(request, cancellation));
        return answer.Nonce ?? throw new AcmeException($"{newNonce.Host} gives no nonce");
    }

    private async Task<AcmeAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var host = request.RequestUri!.Host;
        try
        {
            using var answer = await http.SendAsync(request, cancellation);
            var location = answer.Headers.Location;
            return new(
                answer.StatusCode,
                await answer.Content.ReadAsByteArrayAsync(cancellation),
                location is { IsAbsoluteUri: false } ? new Uri(request.RequestUri, location) : location,
                answer.Headers.TryGetValues("Replay-Nonce", out var nonces) ? nonces.First() : null,
                WaitOf(answer.Headers.RetryAfter)
            );
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new AcmeException($"{host} did not answer within {http.Timeout.TotalSeconds:0.###} s", late);
        }
        catch (HttpRequestException error)
        {
            throw new AcmeException($"{host}: {(error.InnerException ?? error).Message}", error);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, Uri url)
    {
        // What we are told by TLS is not to be asked for without it.
        if (url.Scheme != root.Scheme)
        {
            throw new AcmeException($"{root.Host} leads to {url.Scheme}://{url.Host}, away from {root.Scheme}");
        }

        return new(method, url);
    }

    private AcmeAnswer Checked(AcmeAnswer answer)
    {
        if ((int)answer.Status is >= 200 and < 300)
        {
            return answer;
        }

        var problem = AcmeDocuments.ReadProblem(answer.Body);
        var isLimit =
            problem?.Kind == AcmeProblem.RateLimited
            || answer.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
        throw new AcmeException(
            problem is { Type: not "about:blank" } or { Detail: not null }
                ? $"{root.Host} refuses: {problem}"
                : $"{root.Host} answered {(int)answer.Status}"
        )
        {
            Kind = problem?.Kind,
            RetryAfter = answer.RetryAfter,
            IsLimit = isLimit,
            IsGone = answer.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone,
        };
    }

    private TimeSpan? WaitOf(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? header?.Date - time.GetUtcNow();
        return wait is not { } given ? null
            : given < TimeSpan.Zero ? TimeSpan.Zero
            : given > LongestWait ? LongestWait
            : given;
    }
}
