using System.Collections.Immutable;
using System.Net;
using Fulcrum.Api.Access;
using Fulcrum.Model;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Fulcrum.Api.Listening;

/// <summary>The places on TCP: those that the settings name come, those that they do not name go, the others stay.</summary>
internal sealed class ApiListeners(ApiParts parts, TlsFollower tls) : IAsyncDisposable
{
    private static readonly TimeSpan HandshakePatience = TimeSpan.FromSeconds(10);

    private volatile ImmutableDictionary<Place, ApiHost> _hosts = ImmutableDictionary<Place, ApiHost>.Empty;

    public IEnumerable<string> Addresses => _hosts.Values.SelectMany(host => host.Addresses);

    /// <returns>By place, why it is not there.</returns>
    public async Task<IReadOnlyList<(string Place, string Why)>> FollowAsync(
        ApiSettings settings,
        CancellationToken cancellation
    )
    {
        var wanted = settings.Listen.Select(endPoint => new Place(endPoint, settings.Tls is not null)).ToHashSet();
        foreach (var (place, host) in _hosts.Where(pair => !wanted.Contains(pair.Key)))
        {
            await host.DisposeAsync();
            _hosts = _hosts.Remove(place);
        }

        var missing = new List<(string, string)>();
        foreach (var place in wanted.Where(place => !_hosts.ContainsKey(place)))
        {
            try
            {
                var host = await ApiHost.StartAsync(
                    parts,
                    Door.Of(place.EndPoint),
                    kestrel => Listen(kestrel, place),
                    cancellation
                );
                _hosts = _hosts.Add(place, host);
            }
            catch (IOException error)
            {
                missing.Add((place.EndPoint.ToString(), Reason(error)));
            }
        }

        return missing;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts.Values)
        {
            await host.DisposeAsync();
        }
    }

    private void Listen(KestrelServerOptions kestrel, Place place) =>
        kestrel.Listen(
            place.EndPoint,
            listen =>
            {
                if (place.IsTls)
                {
                    listen.UseHttps(
                        new TlsHandshakeCallbackOptions
                        {
                            HandshakeTimeout = HandshakePatience,
                            OnConnection = _ =>
                                new(
                                    tls.Current?.Options()
                                        ?? throw new IOException("The API has no usable certificate.")
                                ),
                        }
                    );
                }
            }
        );

    // Kestrel says "Failed to bind to address" around what the system said.
    private static string Reason(IOException error) => (error.InnerException ?? error).Message;

    private sealed record Place(IPEndPoint EndPoint, bool IsTls);
}
