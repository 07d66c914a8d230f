using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Fulcrum.Hosting;

/// <summary>Asks a running node over its Unix socket.</summary>
internal sealed class ApiClient(string socket) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            MaxConnectionsPerServer = 1,
            ConnectCallback = async (_, cancellation) =>
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
            },
        }
    )
    {
        BaseAddress = new("http://fulcrum"),
        Timeout = Timeout,
    };

    /// <exception cref="ApiException">No answer, or one that is not a success.</exception>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        try
        {
            return await _http.GetFromJsonAsync(path, type, cancellation)
                ?? throw new ApiException($"{path} answered nothing");
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
            throw new ApiException($"it did not answer within {Timeout.TotalSeconds:0} s", error);
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Describe(HttpRequestException error) =>
        (error.InnerException as SocketException)?.SocketErrorCode switch
        {
            // What the runtime makes of ENOENT.
            SocketError.AddressNotAvailable => "there is no such socket",
            SocketError.ConnectionRefused => "nobody listens there any more",
            SocketError.AccessDenied => "access is denied to all but the user that runs it, and root",
            _ => error.Message,
        };
}
