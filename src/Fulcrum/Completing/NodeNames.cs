using System.Net;
using Fulcrum.Getting;
using Fulcrum.Hosting;

namespace Fulcrum.Completing;

/// <summary>Names that a running node knows. Somebody waits at a prompt: what is not there at once is not there.</summary>
/// <param name="state">The state directory that was typed; null: the usual one.</param>
/// <param name="given">What was typed of another node and of who we are there.</param>
/// <param name="patience">How long somebody waits.</param>
internal sealed class NodeNames(string? state, ApiTarget given, TimeSpan patience)
{
    private const int Most = 1_000;

    /// <summary>Of a kind, that begin so.</summary>
    public Task<IReadOnlyList<string>> OfAsync(ObjectKind kind, string begun) =>
        AskAsync(
            kind,
            // Names come in their order: those that begin so are the next after what was typed.
            begun.Length > 0
                ? [new("after", begun)]
                : [],
            items => items.SelectMany(kind.NamesOf)
        );

    /// <summary>Addresses of machines that are backends.</summary>
    public Task<IReadOnlyList<string>> HostsAsync() =>
        AskAsync(
            BackendKind.Kind,
            [],
            items =>
                items
                    .Select(item => (string?)item["address"])
                    .Select(address => IPEndPoint.TryParse(address ?? "", out var end) ? end.Address.ToString() : "")
        );

    private async Task<IReadOnlyList<string>> AskAsync(
        ObjectKind kind,
        IReadOnlyList<KeyValuePair<string, string>> filter,
        Func<IReadOnlyList<System.Text.Json.Nodes.JsonNode>, IEnumerable<string>> names
    )
    {
        using var enough = new CancellationTokenSource(patience, TimeProvider.System);
        try
        {
            using var client = new ApiClient(ApiTarget.Choose(StateDirectory.Choose(state).Socket, given));
            var list = await new ObjectQuery(kind, null, filter, Most).ReadAsync(client, enough.Token);
            return [.. names(list.Items).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is ApiException or OperationCanceledException)
        {
            return [];
        }
    }
}
