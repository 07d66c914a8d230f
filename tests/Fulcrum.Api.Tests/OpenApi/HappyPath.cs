namespace Fulcrum.Api.Tests.OpenApi;

/// <summary>How each operation is asked so that all goes well, and so that it contradicts what is there.</summary>
/// <param name="Path">Below <c>/api/v1</c>, with the query.</param>
internal sealed record HappyPath(string Path, string? Body = null)
{
    private const string Service = """{ "listen": "tcp://127.0.0.1:8082", "upstream": "shop" }""";
    private const string Whole =
        """{ "services": { "web": { "listen": "tcp://127.0.0.1:8080", "backends": ["10.0.0.1:80"] } } }""";

    /// <summary>What is there: <c>web</c> of a file, <c>shop</c> of the API, an override of <c>web</c>'s backend.</summary>
    public static IReadOnlyDictionary<string, HappyPath> All { get; } =
        new Dictionary<string, HappyPath>
        {
            ["get-status"] = new("/status"),
            ["list-services"] = new("/services?limit=1&select=!none"),
            ["get-service"] = new("/services/web"),
            ["list-upstreams"] = new("/upstreams"),
            ["get-upstream"] = new("/upstreams/shop"),
            ["list-backends"] = new("/backends?upstream=web&service=web"),
            ["get-backend"] = new("/backends/web/10.0.0.1:80"),
            ["list-vips"] = new("/vips"),
            ["list-announcements"] = new("/announcements"),
            ["list-peers"] = new("/peers"),
            ["list-certificates"] = new("/certificates?limit=1"),
            ["get-certificate"] = new("/certificates/%2Fetc%2Ffulcrum%2Fshop.pem"),
            ["list-sources"] = new("/sources"),
            ["list-planes"] = new("/planes"),
            ["get-configuration"] = new("/configuration?source=the%20API"),
            ["patch-configuration"] = new("/configuration", """{ "services": { "shop": { "owner": "alice" } } }"""),
            ["list-configured"] = new("/configuration/services?limit=1"),
            ["get-configured"] = new("/configuration/upstreams/shop"),
            ["put-configured"] = new("/configuration/services/new", Service),
            ["patch-configured"] = new("/configuration/services/shop", """{ "labels": { "tier": "web" } }"""),
            ["delete-configured"] = new("/configuration/services/shop?cascade=true"),
            ["get-configured-backend"] = new("/configuration/upstreams/shop/backends/10.0.1.1:80"),
            ["put-configured-backend"] = new("/configuration/upstreams/shop/backends/10.0.1.9:80", "{}"),
            ["patch-configured-backend"] = new(
                "/configuration/upstreams/shop/backends/10.0.1.1:80",
                """{ "weight": 5 }"""
            ),
            ["delete-configured-backend"] = new("/configuration/upstreams/shop/backends/10.0.1.2:80"),
            ["plan"] = new("/plan", Whole),
            ["apply"] = new("/apply?source=web.yaml&by=test", Whole),
            ["confirm"] = new("/confirm"),
            ["list-history"] = new("/history"),
            ["roll-back"] = new("/rollback?number=1"),
            ["list-overrides"] = new("/overrides"),
            ["set-override"] = new(
                "/overrides?target=backend/web/10.0.0.1:80",
                """{ "action": "drain", "owner": "alice" }"""
            ),
            ["clear-override"] = new("/overrides?target=backend/web/10.0.0.1:80"),
            ["explain"] = new("/explain?subject=service/web"),
            ["trace"] = new("/trace?protocol=tcp&source=10.9.9.9&destination=127.0.0.1:8080"),
            ["list-checks"] = new("/checks?verdict=healthy"),
            ["list-check-transitions"] = new("/checks/transitions?after=0"),
            ["list-sessions"] = new(
                "/sessions?service=web&upstream=web&backend=web/10.0.0.1:80&client=192.0.2.0/24&limit=1&after=0-0-0"
            ),
            ["get-session"] = new("/sessions/0-1-a"),
            ["end-session"] = new("/sessions/0-1-a"),
            ["follow-events"] = new("/events?types=service&after=0"),
            ["get-openapi"] = new("/openapi.json"),
            ["upgrade"] = new("/upgrade?by=alice&within=30s"),
            ["get-upgrade"] = new("/upgrade"),
        };

    /// <summary>Objects that this node cannot have, so that nothing is there to be got.</summary>
    public static IReadOnlySet<string> Empty { get; } =
        new HashSet<string> { "get-vip", "get-announcement", "get-peer" };

    /// <summary>For each that may contradict what is there, a request that does.</summary>
    public static IReadOnlyDictionary<string, HappyPath> Conflicts { get; } =
        new Dictionary<string, HappyPath>
        {
            ["patch-configuration"] = new("/configuration", """{ "services": { "web": { "owner": "alice" } } }"""),
            ["put-configured"] = new("/configuration/services/web", Service),
            ["patch-configured"] = new("/configuration/services/web", """{ "owner": "alice" }"""),
            ["delete-configured"] = new("/configuration/services/web"),
            ["put-configured-backend"] = new("/configuration/upstreams/web/backends/10.0.0.9:80", "{}"),
            ["patch-configured-backend"] = new(
                "/configuration/upstreams/web/backends/10.0.0.1:80",
                """{ "weight": 5 }"""
            ),
            ["delete-configured-backend"] = new("/configuration/upstreams/web/backends/10.0.0.1:80"),
            // The API's service leads to an upstream that this would take away.
            ["plan"] = new("/plan", """{ "upstreams": { "shop": { "backends": ["10.0.0.7:80"] } } }"""),
            ["apply"] = new("/apply?source=x", """{ "upstreams": { "shop": { "backends": ["10.0.0.7:80"] } } }"""),
            ["confirm"] = new("/confirm"),
            // Nothing here can be upgraded.
            ["upgrade"] = new("/upgrade"),
        };
}
