using System.Collections.Concurrent;
using System.Diagnostics;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Namespace.Tests.Vips;

/// <summary>What <c>ip monitor address</c> says.</summary>
internal sealed class AddressWatch : IDisposable
{
    private readonly NetworkNamespace _home;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    public AddressWatch(NetworkNamespace home)
    {
        _home = home;
        var start = new ProcessStartInfo(Require.Tool("ip")) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])["-oneline", "monitor", "address"])
        {
            start.ArgumentList.Add(argument);
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null)
            {
                _lines.Enqueue(line.Data);
            }
        };
        home.Start(_process);
        _process.BeginOutputReadLine();
    }

    public IEnumerable<string> Lines => _lines;

    /// <summary>Until it hears what is said.</summary>
    public Task Begin() =>
        Wait.Until(
            () =>
            {
                _home.Ip("address", "replace", "192.0.2.199/32", "dev", "eth0");
                return !_lines.IsEmpty;
            },
            "the watch to begin"
        );

    public Task Until(string text) =>
        Wait.Until(() => _lines.Any(line => line.Contains(text, StringComparison.Ordinal)), $"a word of {text}");

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
