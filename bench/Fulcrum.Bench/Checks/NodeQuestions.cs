using System.Net.Sockets;
using System.Text.Json;

namespace Fulcrum.Bench.Checks;

/// <summary>Asks a running node over its Unix socket how something is.</summary>
internal sealed class NodeQuestions(string socket) : IDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
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
        DefaultRequestHeaders = { Accept = { new("application/json") } },
    };

    /// <summary>The one word of <c>fulcrum explain</c>.</summary>
    public string StateOf(string subject)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"/api/v1/explain?subject={Uri.EscapeDataString(subject)}"
        );
        using var response = _http.Send(request);
        using var document = JsonDocument.Parse(response.Content.ReadAsStream());
        return document.RootElement.GetProperty("state").GetString()!;
    }

    public void Dispose() => _http.Dispose();
}
