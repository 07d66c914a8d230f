namespace Fulcrum.TestKit.Tests.Scripts;

/// <summary>What <c>./test</c> promises about its arguments and its sums. The executables are played by a shell script.</summary>
public sealed class TestScriptTests : IDisposable
{
    private readonly ScriptSandbox _sandbox = new();

    [Fact]
    public async Task Help_names_the_tiers_and_an_unknown_one_is_wrong_use()
    {
        var help = await _sandbox.Run("test", null, "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("namespace", help.Output, StringComparison.Ordinal);
        var wrong = await _sandbox.Run("test", null, "unti");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("'unti'", wrong.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "Total: 9, Errors: 0, Failed: 0, Skipped: 2, Not Run: 1, Time: 1s",
        0,
        "6 passed, 0 failed, 2 skipped",
        0
    )]
    [InlineData(
        "Total: 9, Errors: 0, Failed: 4, Skipped: 0, Not Run: 0, Time: 1s",
        1,
        "5 passed, 4 failed, 0 skipped",
        1
    )]
    [InlineData(
        "Total: 9, Errors: 1, Failed: 0, Skipped: 0, Not Run: 0, Time: 1s",
        1,
        "9 passed, 1 failed, 0 skipped",
        1
    )]
    [InlineData(
        "Total: 2, Errors: 0, Failed: 0, Skipped: 2, Not Run: 0, Time: 1s",
        0,
        "0 passed, 0 failed, 2 skipped",
        1
    )]
    [InlineData(
        "Total: 2, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 1s",
        3,
        "2 passed, 1 failed, 0 skipped",
        1
    )]
    [InlineData("Total: 0", 0, "0 passed, 0 failed, 0 skipped", 1)]
    [InlineData("Unhandled exception", 134, "0 passed, 1 failed, 0 skipped", 1)]
    public async Task The_last_line_sums_up_and_the_exit_code_agrees(string said, int exit, string last, int code)
    {
        Pretend(said, exit);
        var (actual, _, output, errors) = await _sandbox.Run("test", null, "unit");
        Assert.Equal(last + "\n", output);
        Assert.True(code == actual, errors);
    }

    [Fact]
    public async Task Failures_and_the_reasons_of_skips_are_shown()
    {
        Pretend(
            "    A.B.Fails [FAIL]\n      it broke\n    A.B.Skips [SKIP]\n      needs a unicorn\n"
                + "Total: 3, Errors: 0, Failed: 1, Skipped: 1, Not Run: 0",
            1
        );
        var (_, _, _, errors) = await _sandbox.Run("test", null, "unit");
        Assert.Contains("    A.B.Fails [FAIL]\n      it broke\n", errors, StringComparison.Ordinal);
        Assert.Contains("skipped 1: needs a unicorn\n", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("A.B.Skips", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tier_without_tests_proves_nothing()
    {
        Pretend("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", 0);
        Assert.Equal(1, (await _sandbox.Run("test", null, "interop")).ExitCode);
    }

    [Fact]
    public async Task Without_a_guest_the_tier_kernel_is_skipped_and_where_all_is_required_it_fails()
    {
        Pretend("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", 0);
        Mark();
        File.Delete(_sandbox.PathOf("tools/linux.uml"));
        var skipped = await _sandbox.Run("test", null, "unit", "kernel");
        Assert.Equal("1 passed, 0 failed, 1 skipped\n", skipped.Output);
        Assert.Contains(
            "skipped 1: a guest needs linux.uml; './test --install'",
            skipped.Errors,
            StringComparison.Ordinal
        );

        var required = await _sandbox.Run("test", null, ["unit", "kernel"], ("FULCRUM_REQUIRE", "all"));
        Assert.Equal("1 passed, 1 failed, 0 skipped\n", required.Output);
    }

    [Fact]
    public async Task What_is_marked_runs_in_a_guest_and_not_on_the_machine()
    {
        Pretend("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", 0);
        await _sandbox.Run("test", null, "unit", "kernel");
        Assert.EndsWith("X.Tests.dll -noColor -trait- needs=guest", Assert.Single(Tests()), StringComparison.Ordinal);

        Mark();
        await _sandbox.Run("test", null, ["unit", "kernel"], ("FULCRUM_REQUIRE", "all"));
        var calls = Tests();
        Assert.Equal(3, calls.Length);
        Assert.StartsWith("test ", calls[1], StringComparison.Ordinal);
        Assert.StartsWith("guest --limit 900 -- ", calls[2], StringComparison.Ordinal);
        Assert.EndsWith("X.Tests.dll -noColor -trait needs=guest -failSkips", calls[2], StringComparison.Ordinal);
    }

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task A_project_that_leaves_a_processor_idle_runs_beside_the_others_and_counts_as_they_do()
    {
        const string Serial = "[assembly: CollectionBehavior(DisableTestParallelization = true)]\n";
        Pretend("Total: 3, Errors: 0, Failed: 1, Skipped: 0, Not Run: 0", 1);
        await File.WriteAllTextAsync(_sandbox.PathOf("tests/Fulcrum.X.Tests/AssemblyInfo.cs"), Serial);
        Directory.CreateDirectory(_sandbox.PathOf("tests/Fulcrum.Y.Tests"));
        await File.WriteAllTextAsync(_sandbox.PathOf("tests/Fulcrum.Y.Tests/Fulcrum.Y.Tests.csproj"), "");
        var run = _sandbox.PathOf("tests-run");
        // X ends when Y began, which comes behind it.
        _sandbox.Fake(
            builds: true,
            run: $"echo $1 >>{run}; [[ $1 != *X.Tests* ]] || for ((i = 0; i < 300; i++)); do "
                + $"[[ $(<{run}) != *Y.Tests* ]] || {{ cat {_sandbox.PathOf("says")}; exit 1; }}; sleep 0.1; done; "
                + "echo 'Total: 2, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0'"
        );
        var (code, _, output, errors) = await _sandbox.Run("test", null, "unit");
        Assert.True(code == 1 && output == "4 passed, 1 failed, 0 skipped\n", output + errors);
        Assert.Contains("unit: Fulcrum.X.Tests: 2 passed, 1 failed, 0 skipped", errors, StringComparison.Ordinal);
        Assert.Equal(2, Tests().Length);
    }

    private string[] Tests() => File.ReadAllLines(_sandbox.PathOf("tests-run"));

    private void Mark() =>
        File.WriteAllText(_sandbox.PathOf("tests/Fulcrum.X.Tests/ATests.cs"), "[InGuest]\nclass A;\n");

    /// <summary>One test project, whose executable says this and ends so.</summary>
    private void Pretend(string says, int exit)
    {
        Directory.CreateDirectory(_sandbox.PathOf("tests/Fulcrum.X.Tests"));
        File.WriteAllText(_sandbox.PathOf("tests/Fulcrum.X.Tests/Fulcrum.X.Tests.csproj"), "");
        File.WriteAllText(_sandbox.PathOf("says"), says + "\n");
        _sandbox.Fake(
            builds: true,
            run: $"echo test $* >>{_sandbox.PathOf("tests-run")}; cat {_sandbox.PathOf("says")}; exit {exit}"
        );
        _sandbox.WriteScript(
            "eng/guest/run",
            $"echo guest $* >>{_sandbox.PathOf("tests-run")}; cat {_sandbox.PathOf("says")}; exit {exit}"
        );
        foreach (var tool in (string[])["linux.uml", "busybox", "modprobe", "setpriv"])
        {
            _sandbox.WriteScript($"tools/{tool}", "exit 1");
        }
    }
}
