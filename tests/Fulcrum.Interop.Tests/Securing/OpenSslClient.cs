using Fulcrum.TestKit;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary><c>openssl s_client</c>, which tells most of all clients about what it has seen.</summary>
internal static class OpenSslClient
{
    public const string Peer = "openssl s_client";

    // Sent when the handshake is over, as far as the client knows.
    private const string Request = "GET / HTTP/1.0\r\n\r\n";

    /// <summary>A row in which it connects once; it asks for the usual name, if the arguments have nothing else.</summary>
    public static ClientCase Case(
        string what,
        string listener,
        string outcome,
        string counted,
        Tells tells,
        params string[] arguments
    ) =>
        new(Peer, what, listener, outcome, counted)
        {
            Ask = async (listeners, row) =>
                (await AskAsync(listeners, Listeners.PortOf(row.Listener), Request, arguments)).Tell(tells),
        };

    /// <summary>As the other; it sends nothing, so that nothing of its own is in the way of the answer.</summary>
    public static ClientCase Silent(
        string what,
        string listener,
        string outcome,
        string counted,
        params string[] arguments
    ) =>
        new(Peer, what, listener, outcome, counted)
        {
            Ask = async (listeners, row) =>
                (await AskAsync(listeners, Listeners.PortOf(row.Listener), "", arguments)).Tell(Tells.Version),
        };

    public static Task<Seen> AskAsync(SecuredListeners listeners, int port, string[] arguments) =>
        AskAsync(listeners, port, Request, arguments);

    /// <param name="request">What it sends when the handshake is over; a letter on a line may be an order.</param>
    public static async Task<Seen> AskAsync(SecuredListeners listeners, int port, string request, string[] arguments)
    {
        var home = await listeners.Home();
        string[] all =
        [
            "s_client",
            "-connect",
            $"127.0.0.1:{port}",
            "-CAfile",
            listeners.Papers.Authority,
            "-verify_return_error",
            "-ign_eof",
            .. arguments.Contains("-servername") || arguments.Contains("-noservername")
                ? Array.Empty<string>()
                : ["-servername", Papers.Name],
            .. arguments.Select(argument => Filling.Of(argument, listeners.Papers)),
        ];
        var (_, output, errors) = home.Run(() => Tool.Try("openssl", request, all));
        return Read(output, output + errors);
    }

    private static Seen Read(string output, string all) =>
        new()
        {
            Failure = FailureIn(all),
            IsResumed = Found.In(output, "^(?<it>New|Reused), [^,]+, Cipher is") == "Reused",
            Version = Found.In(output, "^(New|Reused), (?<it>[^,]+), Cipher is"),
            Protocol = Found.In(output, "^ALPN protocol: (?<it>.+)$"),
            Subject = Found.In(output, "^subject=(?<it>.+)$").Replace(" ", "", StringComparison.Ordinal),
            Key = Found.In(output, "^Peer signature type: (?<it>[A-Z]+)"),
            Ticket = Found.In(output, "TLS session ticket:\\n +0000 - (?<it>[^ ]+( [^ ]+){14})"),
            IsStapled = output.Contains("OCSP Response Status: successful", StringComparison.Ordinal),
            IsServed = output.Contains(Seen.Page, StringComparison.Ordinal),
        };

    private static string? FailureIn(string all) =>
        Alert.In(all) is { } alert ? alert
        : Found.In(all, "^verify error:num=[0-9]+:(?<it>.+)$") is { Length: > 0 } refusal ? $"refuses: {refusal}"
        : all.Contains("errno=104", StringComparison.Ordinal) ? "reset"
        : all.Contains("unexpected eof", StringComparison.Ordinal) ? "end of the stream"
        : null;
}
