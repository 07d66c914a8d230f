using System.Runtime.CompilerServices;
using Fulcrum.Hosting;

namespace Fulcrum.Following;

/// <summary>
/// Reads server-sent events (HTML living standard, section 9.2). A node says something at least every 15 seconds; one
/// that is silent for longer is gone, whatever its connection looks like.
/// </summary>
internal static class EventReader
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    /// <exception cref="ApiException">It is gone, or fell silent.</exception>
    public static async IAsyncEnumerable<EventFrame> ReadAsync(
        Stream stream,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        using var reader = new StreamReader(stream);
        var (id, type) = ((string?)null, "message");
        var data = new List<string>();
        while (await LineAsync(reader, time, cancellation) is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Count > 0)
                {
                    yield return new(id, type, string.Join('\n', data));
                }

                (id, type) = (null, "message");
                data.Clear();
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (field, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..]);
            value = value.StartsWith(' ') ? value[1..] : value;
            switch (field)
            {
                case "id":
                    id = value;
                    break;
                case "event":
                    type = value;
                    break;
                case "data":
                    data.Add(value);
                    break;
            }
        }
    }

    private static async Task<string?> LineAsync(StreamReader reader, TimeProvider time, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        try
        {
            return await reader.ReadLineAsync(either.Token);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new ApiException($"it has said nothing for {Patience.TotalSeconds:0} s", error);
        }
        catch (IOException error)
        {
            throw new ApiException("the connection broke", error);
        }
    }
}
