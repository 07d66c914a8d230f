using System.Net;
using Fulcrum.Api.Objects;
using Fulcrum.Getting;
using Fulcrum.Hosting;
using Fulcrum.Output;

namespace Fulcrum.Watching;

/// <summary><c>fulcrum drain … --wait</c>: comes back when nobody is on what drains any more.</summary>
internal sealed class DrainWait(ApiClient client, string target, Surroundings around)
{
    private const int MostBackends = 100_000;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <returns>Sessions that are left: 0, unless it took too long.</returns>
    /// <exception cref="ApiException">No answer.</exception>
    public async Task<long> RunAsync(TimeSpan patience, CancellationToken cancellation)
    {
        await using var progress = Progress.Start(around, $"Draining {target}");
        var start = around.Time.GetTimestamp();
        while (true)
        {
            var left = await CountAsync(cancellation);
            var remaining = patience - around.Time.GetElapsedTime(start);
            if (left == 0 || remaining <= TimeSpan.Zero)
            {
                return left;
            }

            progress.Tell(left == 1 ? "1 session left" : $"{left} sessions left");
            await Task.Delay(remaining < Every ? remaining : Every, around.Time, cancellation);
        }
    }

    private async Task<long> CountAsync(CancellationToken cancellation)
    {
        var (kind, name) = target.Split('/', 2) is [var first, var rest] ? (first, rest) : (target, "");
        KeyValuePair<string, string>[] filter = kind switch
        {
            "upstream" => [new("upstream", name)],
            "service" => [new("service", name)],
            "backend" => [new("upstream", name.Split('/')[0])],
            _ => [],
        };
        var list = await new ObjectQuery(BackendKind.Kind, null, filter, MostBackends).ReadAsync(client, cancellation);
        return list
            .Items.Select(item => NodeJson.Read(item, NodeJson.Lenient.BackendDocument))
            .Where(backend => IsMeant(backend, kind, name))
            .Sum(backend => backend.Counters.Active);
    }

    private static bool IsMeant(BackendDocument backend, string kind, string name) =>
        kind switch
        {
            "backend" => backend.Name == name,
            "host" => IsAt(backend, name),
            // A service or an upstream by its filter; a node is all that it carries.
            _ => true,
        };

    private static bool IsAt(BackendDocument backend, string host) =>
        IPEndPoint.TryParse(backend.Address ?? "", out var end)
        && IPAddress.TryParse(host, out var address)
        && end.Address.Equals(address);
}
