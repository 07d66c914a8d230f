using Fulcrum.TestKit;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>curl, as people call it.</summary>
internal static class CurlClient
{
    public const string Peer = "curl";

    /// <summary>A row in which it asks once; for the usual name, if the arguments name no other.</summary>
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
            {
                var home = await listeners.Home();
                var port = Listeners.PortOf(row.Listener);
                string[] all =
                [
                    "-sSv",
                    "--max-time",
                    "20",
                    "--cacert",
                    listeners.Papers.Authority,
                    "--connect-to",
                    $"::127.0.0.1:{port}",
                    .. arguments.Select(argument => Filling.Of(argument, listeners.Papers)),
                    .. arguments.Any(argument => argument.Contains("://", StringComparison.Ordinal))
                        ? Array.Empty<string>()
                        : [$"https://{Papers.Name}/"],
                ];
                var (code, output, errors) = home.Run(() => Tool.Try("curl", "", all));
                return Read(code, output, errors).Tell(tells);
            },
        };

    private static Seen Read(int code, string output, string talk) =>
        new()
        {
            Failure = code == 0 ? null : FailureIn(code, talk),
            Version = Found.In(talk, "^\\* SSL connection using (?<it>[^ ]+) "),
            Protocol = Found.In(talk, "ALPN: server accepted (?<it>[^\\s]+)"),
            Subject = Found.In(talk, "^\\*  subject: (?<it>[^\\r\\n]+)").Replace(" ", "", StringComparison.Ordinal),
            IsServed = output == Seen.Page,
        };

    private static string FailureIn(int code, string talk)
    {
        var complaint = Found.In(talk, "^curl: \\([0-9]+\\) (?<it>.+)$");
        return Alert.In(complaint) is { } alert ? alert
            : Found.In(complaint, "^SSL( certificate problem)?: (?<it>.+)$") is { Length: > 0 } refusal
                ? $"refuses: {refusal}"
            : $"({code}) {complaint}";
    }
}
