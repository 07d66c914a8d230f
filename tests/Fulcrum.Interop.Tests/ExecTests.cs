using System.Net;
using System.Text;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using static Fulcrum.Interop.Tests.Finding;

namespace Fulcrum.Interop.Tests;

public sealed class ExecTests
{
    private const string Mark = "FULCRUM_TEST_MARK";

    private readonly string _mark = Guid.NewGuid().ToString("N");

    [Theory]
    [InlineData("exit 0", true, "exit code 0")]
    [InlineData("echo all well; echo more", true, "all well")]
    [InlineData("echo disk full >&2; exit 3", false, "exit code 3: disk full")]
    [InlineData("kill -9 $$", false, "signal 9")]
    [InlineData("echo $FULCRUM_ADDRESS $FULCRUM_PORT", true, "192.0.2.1 443")]
    [InlineData("yes | head -c 10000000; exit 1", false, "exit code 1: y")]
    [InlineData("sleep 1000 & echo left something", true, "left something")]
    public async Task A_program_is_judged_by_its_end(string script, bool isHealthy, string reason)
    {
        var finding = await Inquiry.Verdict(TaskFor(script));
        Assert.Equal(isHealthy ? Healthy(reason) : Unhealthy(reason), finding);
        await NothingIsLeft();
    }

    [Theory]
    [InlineData("sleep 1000")]
    [InlineData("trap '' TERM HUP INT; (sleep 1000 & sleep 1000) & while :; do sleep 1000; done")]
    [InlineData("for i in 1 2 3 4 5 6 7 8; do (sleep 1000; sleep 1000) & done; wait")]
    [InlineData("exec >&- 2>&-; sleep 1000 & sleep 1000")]
    [InlineData("while :; do echo and on; done")]
    public async Task A_program_that_hangs_is_killed_with_all_that_it_has_started(string script)
    {
        var task = TaskFor(script) with { Timeout = TimeSpan.FromMilliseconds(300) };
        Assert.Equal(Unhealthy("timed out waiting for the program to end"), await Inquiry.Verdict(task));
        await NothingIsLeft();
    }

    [Fact]
    public async Task A_program_that_is_not_there_condemns_nobody()
    {
        var task = TaskFor("") with { Probe = new ExecProbe { Command = ["/no/such/program"] } };
        Assert.Equal(Unknown("cannot run /no/such/program: No such file or directory (2)"), await Inquiry.Word(task));
    }

    private ProbeTask TaskFor(string script) =>
        Inquiry.TaskFor(
            new ExecProbe { Command = ["/bin/sh", "-c", script], Environment = Labels.From([new(Mark, _mark)]) },
            IPAddress.Parse("192.0.2.1"),
            443
        );

    // What was killed takes a moment to go.
    private Task NothingIsLeft() => Wait.Until(() => !Left().Any(), "all processes to end");

    private IEnumerable<string> Left()
    {
        var wanted = Encoding.ASCII.GetBytes($"{Mark}={_mark}\0");
        return Directory.GetDirectories("/proc").Where(process => Environment(process).AsSpan().IndexOf(wanted) >= 0);
    }

    private static byte[] Environment(string process)
    {
        try
        {
            return File.ReadAllBytes($"{process}/environ");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
