using System.Text.Json.Nodes;
using Fulcrum.TestKit;

namespace Fulcrum.Api.Tests;

/// <summary>Reads server-sent events.</summary>
internal sealed class Follow : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _reader;

    private Follow(HttpResponseMessage answer, Stream stream) => (_answer, _reader) = (answer, new(stream));

    public static async Task<Follow> BeginAsync(HttpClient http, string query, string? last = null)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri(http.BaseAddress ?? new("http://fulcrum"), "/api/v1/events" + query)
        );
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }

        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        return new(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event; comments and the like are passed over.</summary>
    /// <exception cref="IOException">There is none any more.</exception>
    public Task<Happening> NextAsync() => Wait.For(ReadAsync(), "an event");

    public void Dispose() => _answer.Dispose();

    private async Task<Happening> ReadAsync()
    {
        var (id, type, data) = ("", "", "");
        while (await _reader.ReadLineAsync() is { } line)
        {
            var at = line.IndexOf(": ", StringComparison.Ordinal);
            switch (at < 1 ? "" : line[..at])
            {
                case "id":
                    id = line[(at + 2)..];
                    break;
                case "event":
                    type = line[(at + 2)..];
                    break;
                case "data":
                    data = line[(at + 2)..];
                    break;
                default:
                    if (data.Length > 0)
                    {
                        return new(id, type, JsonNode.Parse(data)!);
                    }

                    break;
            }
        }

        throw new EndOfStreamException();
    }

    public sealed record Happening(string Id, string Type, JsonNode Data);
}
