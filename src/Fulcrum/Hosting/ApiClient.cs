using System.Net.Http.Json;
using System.Net.Sockets;
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

    /// <exception cref="HttpRequestException">No answer, or one that is not a success.</exception>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        await _http.GetFromJsonAsync(path, type, cancellation)
        ?? throw new HttpRequestException($"{path} answered nothing");

    public void Dispose() => _http.Dispose();
}
