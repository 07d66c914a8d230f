using System.Text;
using Fulcrum.Linux.Processes;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Processes;

/// <summary>What a program has started ends with it. A variable that all inherit tells who belongs to the test.</summary>
public sealed class ChildTreeTests : IDisposable
{
    private readonly string _mark = $"FULCRUM_TEST_TREE_{Guid.NewGuid():N}";

    private Dictionary<string, string> Environment =>
        new(StringComparer.Ordinal) { [_mark] = "", ["PATH"] = "/usr/bin:/bin" };

    [Theory]
    // In the background; in groups of their own, one of them an orphan.
    [InlineData("sleep 1000 & sleep 1000 & wait", 3)]
    [InlineData("set -m; sleep 1000 & (sleep 1000 & sleep 1000 &); sleep 1000 | sleep 1000", 6)]
    // Who ends gracefully when asked is not asked.
    [InlineData("trap '' TERM HUP INT; sleep 1000 & wait", 2)]
    public async Task All_of_a_tree_is_killed(string script, int size)
    {
        using var child = Child.Start(Environment, Require.Tool("bash"), "-c", script);
        await Wait.Until(() => Alive().Count == size, $"{size} processes to run");
        child.Kill();
        Assert.Equal(new ExitStatus(0, 9), Child.Reap(child));
        await Wait.Until(() => Alive().Count == 0, "all processes to be gone");
    }

    [Fact]
    public async Task Who_forks_all_the_time_is_killed()
    {
        // Each step in a process and a group of its own, which ends when the next one is there.
        var script = "set -m; f() { sleep 1000 & ((i++ < 300)) && (sleep 0.01; f) & }; f; f; wait";
        using var child = Child.Start(Environment, Require.Tool("bash"), "-c", script);
        await Wait.Until(() => Alive().Count >= 20, "some processes to run");
        child.Kill();
        Assert.Equal(new ExitStatus(0, 9), Child.Reap(child));
        await Wait.Until(() => Alive().Count == 0, "all processes to be gone");
    }

    [Fact]
    public async Task What_an_ended_program_left_running_ends_when_it_is_reaped()
    {
        using var child = Child.Start(Environment, "sh", "-c", "sleep 1000 & echo started; exit 3");
        Assert.Equal("started\n", Child.ReadSome(child.OutputDescriptor));
        Assert.Equal(new ExitStatus(3, 0), Child.Reap(child));
        await Wait.Until(() => Alive().Count == 0, "all processes to be gone");
    }

    [Fact]
    public async Task Disposing_kills_the_tree_of_a_program_that_has_ended()
    {
        using (var child = Child.Start(Environment, Require.Tool("bash"), "-c", "set -m; sleep 1000 & exit 0"))
        {
            await Wait.Until(() => Alive().Count == 1, "only the orphan to run");
        }
        await Wait.Until(() => Alive().Count == 0, "all processes to be gone");
    }

    /// <summary>Ends what a test that failed has left.</summary>
    public void Dispose()
    {
        foreach (var process in Alive())
        {
            _ = Tool.Try("kill", "", "-KILL", Path.GetFileName(process));
        }
    }

    /// <summary>A process that is dead and not yet reaped has no environment.</summary>
    private List<string> Alive() => [.. Directory.GetDirectories("/proc").Where(IsOurs)];

    private bool IsOurs(string process)
    {
        try
        {
            return Encoding
                .UTF8.GetString(File.ReadAllBytes($"{process}/environ"))
                .Contains(_mark, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
