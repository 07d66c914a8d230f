using System.Text.RegularExpressions;
using Fulcrum.TestKit;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary><c>openssl s_client</c>, which tells most of all clients about what it has seen.</summary>
internal static partial class OpenSslClient
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

    private static Seen Read(string output, string all)
    {
        var agreed = Agreed().Match(output);
        return new()
        {
            Failure = FailureIn(all),
            IsResumed = agreed.Groups[1].Value == "Reused",
            Version = agreed.Groups[2].Value,
            Protocol = Protocol().Match(output).Groups[1].Value,
            Subject = Subject().Match(output).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal),
            Key = Signature().Match(output).Groups[1].Value,
            Ticket = Ticket().Match(output).Groups[1].Value,
            IsStapled = output.Contains("OCSP Response Status: successful", StringComparison.Ordinal),
            IsServed = output.Contains(Seen.Page, StringComparison.Ordinal),
        };
    }

    private static string? FailureIn(string all) =>
        Alert.In(all) is { } alert ? alert
        : Verification().Match(all) is { Success: true } found ? $"refuses: {found.Groups[1].Value}"
        : all.Contains("errno=104", StringComparison.Ordinal) ? "reset"
        : all.Contains("unexpected eof", StringComparison.Ordinal) ? "end of the stream"
        : null;

    [GeneratedRegex("^(New|Reused), ([^,]+), Cipher is", RegexOptions.Multiline)]
    private static partial Regex Agreed();

    [GeneratedRegex("^ALPN protocol: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Protocol();

    [GeneratedRegex("^subject=(.+)$", RegexOptions.Multiline)]
    private static partial Regex Subject();

    [GeneratedRegex("^Peer signature type: ([A-Z]+)", RegexOptions.Multiline)]
    private static partial Regex Signature();

    [GeneratedRegex("TLS session ticket:\\n +0000 - ([^ ]+(?: [^ ]+){14})")]
    private static partial Regex Ticket();

    [GeneratedRegex("^verify error:num=[0-9]+:(.+)$", RegexOptions.Multiline)]
    private static partial Regex Verification();
}
