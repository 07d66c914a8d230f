using System.Text.RegularExpressions;
using Fulcrum.TestKit;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>curl, as people call it.</summary>
internal static partial class CurlClient
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

    private static Seen Read(int code, string output, string talk)
    {
        return new()
        {
            Failure = code == 0 ? null : FailureIn(code, talk),
            Version = Agreed().Match(talk).Groups[1].Value,
            Protocol = Protocol().Match(talk).Groups[1].Value,
            Subject = Subject().Match(talk).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal),
            IsServed = output == Seen.Page,
        };
    }

    private static string FailureIn(int code, string talk)
    {
        var complaint = Complaint().Match(talk).Groups[1].Value;
        return Alert.In(complaint)
            ?? (
                complaint.Contains("reset by peer", StringComparison.Ordinal) ? "reset"
                : Refusal().Match(complaint) is { Success: true } refusal ? $"refuses: {refusal.Groups[1].Value}"
                : $"({code}) {complaint}"
            );
    }

    [GeneratedRegex("^\\* SSL connection using ([^ ]+) ", RegexOptions.Multiline)]
    private static partial Regex Agreed();

    [GeneratedRegex("ALPN: server accepted ([^\\s]+)", RegexOptions.Multiline)]
    private static partial Regex Protocol();

    [GeneratedRegex("^\\*  subject: ([^\\r\\n]+)", RegexOptions.Multiline)]
    private static partial Regex Subject();

    [GeneratedRegex("^curl: \\([0-9]+\\) (.+)$", RegexOptions.Multiline)]
    private static partial Regex Complaint();

    [GeneratedRegex("^SSL(?: certificate problem)?: (.+)$")]
    private static partial Regex Refusal();
}
