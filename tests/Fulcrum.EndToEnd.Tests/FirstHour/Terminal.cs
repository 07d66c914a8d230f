using Fulcrum.EndToEnd.Tests.Packaging;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests.FirstHour;

/// <summary>A terminal of the reader in which a command stays in the foreground.</summary>
internal sealed class Terminal : Peer
{
    private const string Interrupted = "^C";
    private const int Interrupt = 2;

    private readonly List<string> _shown = [];

    private Terminal(string name, NetworkNamespace home)
        : base($"the command in the terminal '{name}'", home) { }

    public static async Task<Terminal> StartAsync(CleanRoot root, NetworkNamespace home, CommandBlock block)
    {
        var terminal = new Terminal(block.Terminal, home);
        await terminal.StartAsync(
            Require.Tool("unshare"),
            // A terminal is written to at once.
            root.ArgumentsOf("env", "PYTHONUNBUFFERED=1", "bash", "-c", $"exec {block.Command}")
        );
        return terminal;
    }

    /// <summary>Waits until it has said this after all that it was to say before.</summary>
    public async Task SaysAsync(IEnumerable<string> shown, int line)
    {
        foreach (var one in shown)
        {
            if (one != Interrupted)
            {
                _shown.Add(one);
                continue;
            }

            await SaysAsync(line);
            Signal(Interrupt);
            await WaitForExit();
        }

        await SaysAsync(line);
    }

    protected override Task<bool> IsReady() => Task.FromResult(true);

    private Task SaysAsync(int line) =>
        Wait.Until(
            () => Shown.Begins(_shown, string.Concat(Log.Lines.Select(said => said + '\n'))),
            $"docs/first-hour.md:{line}: the terminal to say\n{string.Join('\n', _shown)}"
        );
}
