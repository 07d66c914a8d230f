using System.Globalization;
using Fulcrum.TestKit;

namespace Fulcrum.EndToEnd.Tests.Terminals;

/// <summary>A terminal of 80 columns and 24 rows in which a test types and looks: tmux, a server of the test's own.</summary>
internal sealed class TerminalWindow : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly string _tmux = Require.Tool("tmux");

    public TerminalWindow(params (string Name, string Value)[] variables)
    {
        // A shell that shows nothing but a prompt.
        string[] command =
        [
            "env",
            "PS1=prompt> ",
            "LC_ALL=C.UTF-8",
            .. variables.Select(variable => $"{variable.Name}={variable.Value}"),
            "sh",
        ];
        Run(["-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", .. command]);
    }

    /// <summary>What stands on it, and where the cursor is seen or not.</summary>
    public string Screen => Run(["capture-pane", "-p"]);

    public bool HasCursor => Run(["display-message", "-p", "#{cursor_flag}"]).Trim() == "1";

    /// <summary>A program has it for itself, and gives back what was there.</summary>
    public bool IsOther => Run(["display-message", "-p", "#{alternate_on}"]).Trim() == "1";

    public void Type(string line)
    {
        Run(["send-keys", "-l", line]);
        Press("Enter");
    }

    /// <param name="key">As tmux calls it: <c>C-c</c>, <c>Tab</c>, <c>q</c>.</param>
    public void Press(string key) => Run(["send-keys", key]);

    public void Resize(int columns, int rows) =>
        Run([
            "resize-window",
            "-x",
            columns.ToString(CultureInfo.InvariantCulture),
            "-y",
            rows.ToString(CultureInfo.InvariantCulture),
        ]);

    public Task WaitFor(string text) => WaitFor(screen => screen.Contains(text, StringComparison.Ordinal), $"'{text}'");

    public async Task WaitFor(Func<string, bool> condition, string what)
    {
        var screen = "";
        try
        {
            await Wait.Until(() => condition(screen = Screen), what);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{error.Message}; on the screen is:\n{screen}", error);
        }
    }

    public void Dispose()
    {
        Tool.Try(_tmux, "", ["-S", _folder.PathOf("tmux"), "kill-server"]);
        _folder.Dispose();
    }

    private string Run(string[] arguments) => Tool.Run(_tmux, ["-S", _folder.PathOf("tmux"), .. arguments]);
}
