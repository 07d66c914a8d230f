using Fulcrum.TestKit;

namespace Fulcrum.EndToEnd.Tests.Packaging;

/// <summary>What the package does to a service that runs, with programs that only pretend.</summary>
public sealed class MaintainerScriptTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    [Theory]
    [InlineData(0, 0, "")]
    [InlineData(1, 0, "restart fulcrum.service\n")]
    public void A_program_that_takes_over_needs_no_restart_and_one_that_cannot_gets_it(
        int upgraded,
        int valid,
        string expected
    )
    {
        var (output, errors) = Configure(upgraded, valid);
        Assert.Equal(("", ""), (output, errors));
        Assert.Equal(expected, Calls());
    }

    [Fact]
    public void A_program_that_refuses_the_file_leaves_the_old_one_to_serve_and_that_is_said_loudly()
    {
        var (_, errors) = Configure(upgraded: 1, valid: 1);
        Assert.Equal("", Calls());
        Assert.Contains("fulcrum says no to validate", errors, StringComparison.Ordinal);
        Assert.Contains("THE NEW VERSION DOES NOT RUN", errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private (string Output, string Errors) Configure(int upgraded, int valid)
    {
        foreach (var name in new[] { "systemctl", "systemd-sysusers", "deb-systemd-helper", "install" })
        {
            Pretend(name, "exit 0");
        }

        Pretend("deb-systemd-invoke", $"echo \"$@\" >>{_folder.PathOf("calls")}");
        Pretend("fulcrum", $"echo \"fulcrum says no to $1\"; [ $1 = upgrade ] && exit {upgraded}; exit {valid}");
        var script = File.ReadAllText(Repository.PathOf("deploy/debian/postinst"))
            .Replace("/usr/bin/fulcrum", _folder.PathOf("fulcrum"), StringComparison.Ordinal)
            .Replace("/run/systemd/system", _folder.FullName, StringComparison.Ordinal);
        _folder.Write("postinst", $"PATH={_folder.FullName}:$PATH\n{script}");
        var (code, output, errors) = Tool.Try("sh", "", _folder.PathOf("postinst"), "configure", "0.1.0");
        Assert.True(code == 0, errors);
        return (output, errors);
    }

    private void Pretend(string name, string what)
    {
        _folder.Write(name, $"#!/bin/sh\n{what}\n");
        File.SetUnixFileMode(_folder.PathOf(name), (UnixFileMode)0b111_101_101);
    }

    private string Calls() => File.Exists(_folder.PathOf("calls")) ? File.ReadAllText(_folder.PathOf("calls")) : "";
}
