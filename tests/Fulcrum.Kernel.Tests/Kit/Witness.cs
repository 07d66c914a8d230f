using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Kernel.Tests.Kit;

/// <summary>What ipvsadm(8) says of a director: a witness that is not ours.</summary>
internal sealed class Witness(NetworkNamespace director)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>All services and destinations, as commands that would make them: <c>-A -t 192.0.2.80:80 -s rr</c>. Sorted.</summary>
    public string[] Saved() => [.. Lines("-S", "-n").Order(StringComparer.Ordinal)];

    /// <summary>Waits until it says exactly this.</summary>
    public async Task Sees(IEnumerable<string> expected)
    {
        string[] sorted = [.. expected.Order(StringComparer.Ordinal)];
        try
        {
            await Wait.Until(() => Saved().SequenceEqual(sorted), "ipvsadm to say what is expected", Patience);
        }
        catch (TimeoutException)
        {
            // Says where they differ.
            Assert.Equal(sorted, Saved());
        }
    }

    /// <summary>Adds, changes or deletes as an operator would.</summary>
    public void Change(params string[] arguments) => director.Run("ipvsadm", arguments);

    /// <summary>Makes all of these at once.</summary>
    public void Restore(IEnumerable<string> saved) =>
        director.Run(() => Tool.RunWithInput("ipvsadm", string.Join('\n', saved) + "\n", "-R"));

    /// <summary>Every connection: protocol, state, client, service, destination.</summary>
    public IEnumerable<SeenConnection> Connections() =>
        Lines("-L", "-n", "-c")
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields is [_, [>= '0' and <= '9', ..], ..])
            .Select(fields => new SeenConnection(fields[0], fields[2], fields[3], fields[4], fields[5]));

    private string[] Lines(params string[] arguments) =>
        director
            .Run("ipvsadm", arguments)
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
