namespace Fulcrum.Interop.Tests.Securing;

/// <summary>Every client of the table does what its row says, and sees and makes us count what stands there.</summary>
public sealed class ClientTests(SecuredListeners listeners) : IClassFixture<SecuredListeners>
{
    public static IEnumerable<TheoryDataRow<string, string>> Rows =>
        ClientTable.All.Select(row => new TheoryDataRow<string, string>(row.Peer, row.What));

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task What_a_client_sees_and_what_is_counted_is_in_the_table(string peer, string what)
    {
        var row = ClientTable.All.Single(row => (row.Peer, row.What) == (peer, what));
        await listeners.Home();
        var before = await Counts.Of(listeners.Daemon, row.Listener);
        var outcome = await row.Ask(listeners, row);
        var counted = await before.Since(listeners.Daemon, row.Connections, outcome);
        Assert.Equal((row.Outcome, row.Counted), (outcome, counted));
    }
}
