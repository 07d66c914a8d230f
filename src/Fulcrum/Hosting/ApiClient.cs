using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fulcrum.Api;

namespace Fulcrum.Hosting;

/// <summary>Asks a running node, over its Unix socket or over TCP.</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>A configuration of 10,000 services takes seconds to compare and to bind.</summary>
    private static readonly TimeSpan ChangeTimeout = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http;

    /// <exception cref="ApiException">What is needed to say who we are cannot be read.</exception>
    public ApiClient(ApiTarget target)
    {
        var token = target.Token();
        _http = new(Handler(target))
        {
            BaseAddress = target.Url ?? new("http://fulcrum"),
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
        if (
            token is not null
            && !_http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}")
        )
        {
            throw new ApiException("the token is not one line of text");
        }
    }

    /// <exception cref="ApiException">No answer, or one that is not a success.</exception>
    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        AskAsync(HttpMethod.Get, path, null, type, Timeout, cancellation);

    /// <exception cref="ApiException">No answer, or one that is not a success.</exception>
    public Task<T> SendAsync<T>(
        HttpMethod method,
        string path,
        HttpContent? body,
        JsonTypeInfo<T> type,
        CancellationToken cancellation
    ) => AskAsync(method, path, body, type, ChangeTimeout, cancellation);

    /// <summary>For requests that are answered without a document.</summary>
    /// <exception cref="ApiException">No answer, or one that is not a success.</exception>
    public Task SendAsync(HttpMethod method, string path, CancellationToken cancellation) =>
        ReadAsync(method, path, null, json: true, cancellation);

    /// <summary>The answer as it is: text for people, or JSON.</summary>
    /// <exception cref="ApiException">No answer, or one that is not a success.</exception>
    public Task<string> ReadAsync(
        HttpMethod method,
        string path,
        HttpContent? body,
        bool json,
        CancellationToken cancellation
    )
    {
        var request = new HttpRequestMessage(method, path) { Content = body };
        request.Headers.Accept.Add(new(json ? "application/json" : "text/plain"));
        return AskAsync(
            request,
            ChangeTimeout,
            async (content, patience) => await content.ReadAsStringAsync(patience),
            cancellation
        );
    }

    /// <summary>An answer that goes on until one side has enough: server-sent events.</summary>
    /// <param name="last">The id of the last event that came; null: there is none.</param>
    /// <exception cref="ApiException">No answer, or one that is not a success.</exception>
    public async Task<Stream> FollowAsync(string path, string? last, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new("text/event-stream"));
        if (last is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Timeout);
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (response.IsSuccessStatusCode)
            {
                // Disposing of the stream ends the response.
                return await response.Content.ReadAsStreamAsync(cancellation);
            }

            using (response)
            {
                throw await RefusalAsync(response, patience.Token);
            }
        }
        catch (HttpRequestException error)
        {
            throw new ApiException(Describe(error), error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new ApiException($"it did not answer within {Timeout.TotalSeconds:0} s", error);
        }
    }

    private Task<T> AskAsync<T>(
        HttpMethod method,
        string path,
        HttpContent? body,
        JsonTypeInfo<T> type,
        TimeSpan timeout,
        CancellationToken cancellation
    ) =>
        AskAsync(
            new HttpRequestMessage(method, path) { Content = body },
            timeout,
            async (content, patience) =>
                await content.ReadFromJsonAsync(type, patience) ?? throw new ApiException($"{path} answered nothing"),
            cancellation
        );

    private async Task<T> AskAsync<T>(
        HttpRequestMessage request,
        TimeSpan timeout,
        Func<HttpContent, CancellationToken, Task<T>> read,
        CancellationToken cancellation
    )
    {
        using var asked = request;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(timeout);
        try
        {
            using var response = await _http.SendAsync(asked, patience.Token);
            return response.IsSuccessStatusCode
                ? await read(response.Content, patience.Token)
                : throw await RefusalAsync(response, patience.Token);
        }
        catch (HttpRequestException error)
        {
            throw new ApiException(Describe(error), error);
        }
        catch (JsonException error)
        {
            throw new ApiException("it answered something else than this version knows", error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new ApiException($"it did not answer within {timeout.TotalSeconds:0} s", error);
        }
    }

    private static async Task<ApiException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return new($"it answered {(int)response.StatusCode} {response.ReasonPhrase}");
        }

        var refusal = await response.Content.ReadFromJsonAsync(ApiJson.Default.ProblemDocument, cancellation);
        return new(refusal?.Title ?? "it refused") { Refusal = refusal };
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler Handler(ApiTarget target)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = 1,
        };
        if (target.Url is null)
        {
            handler.ConnectCallback = (_, cancellation) => ConnectAsync(target.Socket, cancellation);
        }
        else
        {
            handler.SslOptions = target.TlsOptions();
        }

        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(string socket, CancellationToken cancellation)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static string Describe(HttpRequestException error) =>
        error.InnerException switch
        {
            // What the runtime makes of ENOENT.
            SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "there is no such socket",
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "nobody listens there",
            SocketException { SocketErrorCode: SocketError.AccessDenied } =>
                "access is denied to all but the user that runs it, root, and the group of 'api: { socket: { group: ... } }'",
            AuthenticationException refused =>
                $"the TLS handshake failed ({refused.Message}); --ca FILE says who signed its certificate",
            _ => error.Message,
        };
}
