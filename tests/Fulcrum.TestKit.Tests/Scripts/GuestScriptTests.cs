using Fulcrum.TestKit.Peers;

namespace Fulcrum.TestKit.Tests.Scripts;

/// <summary>What <c>eng/guest/run</c> promises: a kernel of its own, the command's answer, and nothing left behind.</summary>
public sealed class GuestScriptTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_command_runs_as_root_on_a_kernel_with_the_balancer_and_its_answer_comes_out()
    {
        using var hidden = new TemporaryDirectory();
        var script =
            $"id -u; ipvsadm -A -t 192.0.2.1:80 -s rr; ipvsadm -S -n; [ ! -e {hidden.FullName} ] || echo seen; touch /usr/of-the-guest; pwd; "
            + "echo $FULCRUM_GUEST $SAID; echo complaint >&2; exit 7";
        Require.Tool("ipvsadm");
        var (code, output, errors) = await Run("--env", "SAID=a b", "--", "bash", "-c", script);
        Assert.Equal(
            $"0\n-A -t 192.0.2.1:80 -s rr\n{Environment.CurrentDirectory}\n1 a b\n",
            output.Replace("\r", "", StringComparison.Ordinal)
        );
        Assert.Equal((7, "complaint\n"), (code, errors));
        Assert.False(File.Exists("/usr/of-the-guest"));
    }

    [Fact]
    public async Task A_guest_that_takes_too_long_or_dies_is_told_apart_from_its_command()
    {
        var late = await Run("--limit", "4", "--", "sleep", "1000");
        Assert.Equal(124, late.ExitCode);
        Assert.StartsWith("guest: not done within 4 s\n", late.Errors, StringComparison.Ordinal);
        var dead = await Run("--", "sh", "-c", "echo c >/proc/sysrq-trigger");
        Assert.Equal(125, dead.ExitCode);
        Assert.Contains("sysrq triggered crash", dead.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(9)]
    public async Task Its_guest_ends_with_the_script(int signal)
    {
        await using var script = await Started.Begin();
        var box = script.Box;
        Assert.NotEmpty(Guests(box));
        script.Signal(signal);
        await script.WaitForExit();
        await Wait.Until(() => Guests(box).Length == 0, "the guest's processes to end");
        if (signal == 9)
        {
            // Killed itself, it leaves its directory to the next.
            await Run("--", "true");
        }

        Assert.False(Directory.Exists(box));
    }

    [Fact]
    public async Task Two_at_once_know_nothing_of_each_other()
    {
        const string Script = "ip link add mine type dummy && ip link show mine >/dev/null && echo fine";
        var both = await Task.WhenAll(Run("--", "sh", "-c", Script), Run("--", "sh", "-c", Script));
        Assert.All(both, one => Assert.Equal((0, "fine\n"), (one.ExitCode, one.Output)));
    }

    private static Task<(int ExitCode, string Output, string Errors)> Run(params string[] arguments)
    {
        foreach (var tool in (string[])["linux.uml", "busybox", "modprobe", "setpriv"])
        {
            Require.Tool(tool);
        }

        return Tool.TryAsync(Bound, Repository.PathOf("eng", "guest", "run"), arguments);
    }

    /// <summary>The processes that were started for a directory.</summary>
    private static string[] Guests(string box) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(folder => Path.Combine(folder, "cmdline"))
                .Where(file => Command(file).Contains(box + "/", StringComparison.Ordinal)),
        ];

    private static string Command(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No process, or one that has just ended.
            return "";
        }
    }

    /// <summary>The script with a command that does not end by itself.</summary>
    private sealed class Started() : Peer("the guest", null)
    {
        public string Box => Directory.GetDirectories("/tmp", $"fulcrum-guest.{Pid}.*").Single();

        public static async Task<Started> Begin()
        {
            Require.Tool("linux.uml");
            var script = new Started();
            await script.StartAsync(
                Repository.PathOf("eng", "guest", "run"),
                ["--limit", "100", "--", "sh", "-c", "echo begun; sleep 1000"]
            );
            return script;
        }

        protected override Task<bool> IsReady() => Task.FromResult(Log.Contains("begun"));
    }
}
