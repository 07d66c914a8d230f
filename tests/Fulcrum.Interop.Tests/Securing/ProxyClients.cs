using Fulcrum.TestKit;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>HAProxy and nginx, each in front of a listener, asked from in front of them.</summary>
internal static class ProxyClients
{
    /// <param name="server">Options of its <c>server</c>, beside <c>ssl</c> and the name.</param>
    public static ClientCase Haproxy(
        string what,
        string listener,
        string outcome,
        string counted,
        Tells tells,
        string server,
        int times = 1
    ) =>
        new("HAProxy", what, listener, outcome, counted)
        {
            Front = server,
            Connections = times,
            Ask = async (listeners, row) =>
            {
                Seen? seen = null;
                for (var time = 0; time < times; time++)
                {
                    using var answer = await listeners.AskFront(row);
                    seen = await ReadHaproxy(answer);
                }
                return seen!.Tell(tells);
            },
        };

    /// <param name="directives">Of its <c>location</c>, beside whom it passes to by which name.</param>
    public static ClientCase Nginx(
        string what,
        string listener,
        string outcome,
        string counted,
        string directives,
        int times = 1
    ) =>
        new("nginx", what, listener, outcome, counted)
        {
            Front = directives,
            Connections = times,
            Ask = async (listeners, row) =>
            {
                var outcome = "";
                for (var time = 0; time < times; time++)
                {
                    using var answer = await listeners.AskFront(row);
                    var page = await answer.Content.ReadAsStringAsync();
                    outcome = answer.IsSuccessStatusCode ? page : await ComplaintOf(listeners, row);
                }
                return outcome;
            },
        };

    private static async Task<Seen> ReadHaproxy(HttpResponseMessage answer)
    {
        var error = Header("X-Error");
        return new()
        {
            Failure = answer.IsSuccessStatusCode
                ? null
                : Alert.In(error) ?? $"refuses: {error[(error.LastIndexOf(':') + 1)..]}",
            Version = Header("X-Version"),
            Protocol = Header("X-Protocol"),
            IsResumed = Header("X-Resumed") == "1",
            IsServed = await answer.Content.ReadAsStringAsync() == Seen.Page,
        };

        string Header(string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : "";
    }

    private static async Task<string> ComplaintOf(SecuredListeners listeners, ClientCase row)
    {
        string? line = null;
        await Wait.Until(async () => (line = await listeners.Complaint(row)) is not null, "nginx to complain");
        return Alert.In(line!)
            ?? "refuses: "
                + Found.In(line!, "upstream SSL certificate (verify error: \\([0-9]+:)?(?<it>[^,]+?)\\)? while");
    }
}
