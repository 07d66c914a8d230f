using Fulcrum.Linux.Files;
using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Processes;

public sealed class ChildProcessTests
{
    private const int NotExecutableFormat = 8;

    [Theory]
    [InlineData("echo out; echo err >&2; exit 3", "out\n", "err\n", 3, 0)]
    [InlineData("cat", "", "", 0, 0)]
    [InlineData("pwd", "/\n", "", 0, 0)]
    [InlineData("kill -TERM $$", "", "", 0, 15)]
    // The runtime ignores this one.
    [InlineData("kill -PIPE $$", "", "", 0, 13)]
    public void A_program_is_known_by_its_output_and_its_end(
        string script,
        string output,
        string errors,
        int code,
        int signal
    ) => Assert.Equal((output, errors, new ExitStatus(code, signal)), Child.Run([], "sh", "-c", script));

    [Fact]
    public void Output_may_be_longer_than_a_pipe() =>
        Assert.Equal(300_000, Child.Run([], "head", "-c", "300000", "/dev/zero").Output.Length);

    [Fact]
    public void Arguments_arrive_as_they_are()
    {
        string[] arguments = ["a b", "\"it's\"", "", "$HOME;*|`", "\\", "grüße\n"];
        var (output, _, status) = Child.Run([], ["printf", "%s|", .. arguments]);
        Assert.Equal(string.Concat(arguments.Select(argument => argument + "|")), output);
        Assert.Equal(default, status);
    }

    [Fact]
    public void The_environment_is_what_was_given()
    {
        Assert.Equal("", Child.Run([], "env").Output);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "x = y", ["B"] = "" };
        var lines = Child.Run(environment, "env").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["A=x = y", "B="], lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Signals_are_neither_blocked_nor_ignored()
    {
        var ours = File.ReadAllText("/proc/self/status");
        Assert.DoesNotContain("SigIgn:\t0000000000000000", ours, StringComparison.Ordinal);
        var (output, _, _) = Child.Run([], "cat", "/proc/self/status");
        Assert.Contains("SigBlk:\t0000000000000000", output, StringComparison.Ordinal);
        Assert.Contains("SigIgn:\t0000000000000000", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_started_is_an_error()
    {
        using var directory = new TemporaryDirectory();
        var plain = directory.Write("plain", "exit 0");
        var text = directory.Write("text", "exit 0");
        File.SetUnixFileMode(text, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal(-(int)Errno.NotFound, StartError(directory.PathOf("none")));
        Assert.Equal(-(int)Errno.NotFound, StartError("fulcrum-no-such-program"));
        Assert.Equal(-(int)Errno.AccessDenied, StartError(plain));
        Assert.Equal(-(int)Errno.AccessDenied, StartError(directory.FullName));
        Assert.Equal(-NotExecutableFormat, StartError(text));
        Assert.Equal(-(int)Errno.InvalidArgument, StartError());
        Assert.Equal(-(int)Errno.InvalidArgument, StartError("true", "a\0b"));
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("A=B", "x")]
    [InlineData("A\0", "x")]
    [InlineData("A", "x\0")]
    public void A_variable_that_cannot_be_said_is_an_error(string name, string value)
    {
        var options = new ChildOptions(
            ["true"],
            new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value }
        );
        Assert.Equal(-(int)Errno.InvalidArgument, ChildProcess.Start(options, out _));
    }

    [Fact]
    public void A_program_that_runs_is_neither_read_nor_reaped()
    {
        using var child = Child.Start([], "sleep", "1000");
        Assert.Equal(-(int)Errno.TryAgain, PipeCalls.Read(child.OutputDescriptor, new byte[1]));
        Assert.Equal(-(int)Errno.TryAgain, PipeCalls.Read(child.ErrorDescriptor, new byte[1]));
        Assert.Equal(0, child.TryReap(out _));
        child.Kill();
        Assert.Equal(new ExitStatus(0, 9), Child.Reap(child));
        Assert.Equal(-(int)Errno.NoChild, child.TryReap(out _));
        child.Kill();
    }

    [Fact]
    public void What_is_disposed_is_gone()
    {
        var child = Child.Start([], "sleep", "1000");
        Assert.True(Directory.Exists($"/proc/{child.ProcessId}"));
        child.Dispose();
        Assert.False(Directory.Exists($"/proc/{child.ProcessId}"));
        child.Dispose();
    }

    [Fact]
    public void No_descriptor_of_ours_is_inherited()
    {
        using var sockets = new Descriptors();
        using var other = Child.Start([], "sleep", "1000");
        var socket = sockets.Open(SocketFamily.IPv4, SocketKind.Stream);
        var (output, _, _) = Child.Run([], "ls", "-l", "/proc/self/fd");
        Assert.Contains("0 -> /dev/null", output, StringComparison.Ordinal);
        Assert.Contains("1 -> pipe:", output, StringComparison.Ordinal);
        Assert.DoesNotContain("pidfd", output, StringComparison.Ordinal);
        foreach (var descriptor in new[] { socket, other.OutputDescriptor, other.ErrorDescriptor })
        {
            var target = new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget;
            Assert.Matches(@"^(socket|pipe):\[\d+\]$", target);
            Assert.DoesNotContain(target!, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_descriptor_is_left()
    {
        const int Runs = 300;
        // Other tests open some, too, but not as many.
        var most = Directory.GetFiles("/proc/self/fd").Length + (Runs / 2);
        for (var run = 0; run < Runs; run++)
        {
            Child.Run([], "true");
            Child.Start([], "true").Dispose();
            Assert.Equal(-(int)Errno.NotFound, StartError("/none"));
        }
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 3, most);
    }

    private static int StartError(params string[] arguments)
    {
        var result = ChildProcess.Start(new ChildOptions(arguments, Child.NoEnvironment), out var child);
        Assert.Null(child);
        return result;
    }
}
