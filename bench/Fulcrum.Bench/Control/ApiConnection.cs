using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Fulcrum.Bench.Control;

/// <summary>One keep-alive connection to a node's API.</summary>
internal sealed class ApiConnection(string socket) : IDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1,
            ConnectCallback = async (_, cancellation) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                return new NetworkStream(connection, ownsSocket: true);
            },
        }
    )
    {
        BaseAddress = new("http://fulcrum"),
    };

    /// <exception cref="InvalidOperationException">It was not done; holds the answer.</exception>
    public async Task SendAsync(HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, "/api/v1" + path);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _http.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}"
            );
        }
    }

    public void Dispose() => _http.Dispose();
}
