using Fulcrum.TestKit;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>Every server of the table sees of us, and gives the client and makes us count, what stands in its row.</summary>
public sealed class BackendTests(SecuredBackends backends) : IClassFixture<SecuredBackends>
{
    public static IEnumerable<TheoryDataRow<string, string>> Rows =>
        BackendTable.All.Select(row => new TheoryDataRow<string, string>(row.Peer, row.What));

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task What_a_server_sees_and_a_client_gets_is_in_the_table(string peer, string what)
    {
        var row = BackendTable.All.Single(row => (row.Peer, row.What) == (peer, what));
        await backends.Home();
        var service = SecuredBackends.ServiceOf(row);
        var before = await Counts.Of(backends.Daemon, service);
        var answer = "";
        for (var time = 0; time < row.Times; time++)
        {
            answer = await backends.Ask(row);
        }
        var counted = await before.Since(backends.Daemon, row.Times, answer);
        var words = answer.Split('|');
        var (sees, gets) = words.Length > 1 ? (Told(words), Seen.Page) : (await Complained(row), answer);
        Assert.Equal((row.Sees, row.Gets, row.Counted), (sees, gets, counted));
    }

    private static string Told(string[] words)
    {
        var facts = new List<string> { words[0].Replace("TLSv", "TLS ", StringComparison.Ordinal) };
        AddIf(words[1] is "r" or "1", "resumed");
        AddIf(words[2].Length > 0, words[2]);
        AddIf(words[3].Length > 0, "our certificate");
        AddIf(words[4].Length > 0, $"asked for {words[4]}");
        return string.Join(", ", facts);

        void AddIf(bool isSo, string fact)
        {
            if (isSo)
            {
                facts.Add(fact);
            }
        }
    }

    private async Task<string> Complained(BackendCase row)
    {
        string? line = null;
        await Wait.Until(async () => (line = await backends.Complaint(row)) is not null, "the server to complain");
        return Alert.In(line!)
            ?? (
                Found.In(line!, "error:[0-9A-F]+:[^:]*:[^:]*:(?<it>[^:)]+)") is { Length: > 0 } reason
                    ? $"error: {reason}"
                : Found.In(line!, "\\*[0-9]+ (?<it>.+?) while ") is { Length: > 0 } words ? words
                : line!
            );
    }
}
