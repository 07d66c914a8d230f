namespace Fulcrum.TestKit.Tests.Scripts;

/// <summary>What <c>./fulcrum</c> promises about building and about becoming the program.</summary>
public sealed class FulcrumScriptTests : IDisposable
{
    private readonly ScriptSandbox _sandbox = new();

    [Fact]
    public async Task It_builds_and_becomes_the_program_in_the_callers_directory()
    {
        var (code, pid, output, errors) = await _sandbox.Run("fulcrum", null, "validate", "a b");
        Assert.Equal(7, code);
        Assert.EndsWith("arguments validate a b\n", output, StringComparison.Ordinal);
        Assert.StartsWith($"pid {pid} ", output, StringComparison.Ordinal);
        Assert.Contains("Building fulcrum", errors, StringComparison.Ordinal);
        Assert.Equal($"build cwd={_sandbox.PathOf("")}".TrimEnd('/'), _sandbox.Calls[0]);
        Assert.EndsWith($"cwd={_sandbox.PathOf("elsewhere")}", _sandbox.Calls[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_builds_again_only_when_a_file_changed_came_or_went()
    {
        await _sandbox.Run("fulcrum");
        Assert.Equal(1, Builds());
        Assert.Equal("", (await _sandbox.Run("fulcrum")).Errors);
        Assert.Equal(1, Builds());

        _sandbox.Age();
        await _sandbox.Run("fulcrum");
        Assert.Equal(1, Builds());

        await File.WriteAllTextAsync(_sandbox.Source, "// two", TestContext.Current.CancellationToken);
        await _sandbox.Run("fulcrum");
        Assert.Equal(2, Builds());

        _sandbox.Age();
        File.Delete(_sandbox.Source);
        await _sandbox.Run("fulcrum");
        Assert.Equal(3, Builds());
    }

    [Theory]
    [InlineData("flock")]
    [InlineData(null)]
    public async Task Two_first_calls_build_once(string? flock)
    {
        if (flock is null)
        {
            File.Delete(_sandbox.PathOf("tools/flock"));
        }

        var both = await Task.WhenAll(_sandbox.Run("fulcrum"), _sandbox.Run("fulcrum"));
        Assert.All(both, run => Assert.True(run.ExitCode == 7, run.Errors));
        Assert.Equal(1, Builds());
    }

    [Fact]
    public async Task A_lock_of_a_dead_builder_is_taken_over()
    {
        File.Delete(_sandbox.PathOf("tools/flock"));
        Directory.CreateDirectory(_sandbox.PathOf("artifacts/.build.lock.d"));
        await File.WriteAllTextAsync(
            _sandbox.PathOf("artifacts/.build.lock.d/pid"),
            "4194999",
            TestContext.Current.CancellationToken
        );
        Assert.Equal(7, (await _sandbox.Run("fulcrum")).ExitCode);
    }

    [Fact]
    public async Task A_failed_build_shows_its_errors_and_is_tried_again()
    {
        _sandbox.Fake(builds: false);
        var (code, _, _, errors) = await _sandbox.Run("fulcrum");
        Assert.Equal(2, code);
        Assert.Contains("a.cs(1,1): error CS1002: ; expected", errors, StringComparison.Ordinal);
        _sandbox.Fake(builds: true);
        Assert.Equal(7, (await _sandbox.Run("fulcrum")).ExitCode);
    }

    [Fact]
    public async Task An_old_SDK_and_a_missing_one_are_explained()
    {
        _sandbox.Fake(builds: true, sdk: false);
        var old = await _sandbox.Run("fulcrum");
        Assert.Equal(2, old.ExitCode);
        Assert.Contains("SDK 10.0.400 or later", old.Errors, StringComparison.Ordinal);
        Assert.Contains("8.0.100", old.Errors, StringComparison.Ordinal);

        foreach (var script in (string[])["fulcrum", "test"])
        {
            var none = await _sandbox.Run(script, "/nonexistent");
            Assert.Equal(2, none.ExitCode);
            Assert.Contains("no 'dotnet' in PATH", none.Errors, StringComparison.Ordinal);
            Assert.Contains("find", none.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("line ", none.Errors, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _sandbox.Dispose();

    private int Builds() => _sandbox.Calls.Count(call => call.StartsWith("build ", StringComparison.Ordinal));
}
