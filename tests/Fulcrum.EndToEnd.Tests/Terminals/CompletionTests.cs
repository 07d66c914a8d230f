using Fulcrum.TestKit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests.Terminals;

/// <summary>The completion scripts in the shells they are for.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("fulcrum sta", "status")]
    [InlineData("fulcrum get ba", "backends")]
    [InlineData("fulcrum get backends web/", "web/10.0.0.1:80|web/10.0.0.2:80|web/one")]
    // Bash takes up behind the last colon.
    [InlineData("fulcrum get backends web/10.0.0.1:8", "80")]
    [InlineData("fulcrum get services --output=y", "yaml")]
    [InlineData("fulcrum get services -o w", "wide")]
    [InlineData("fulcrum drain backend/web/o", "backend/web/one")]
    [InlineData("fulcrum nonsense x", "")]
    public async Task Bash_completes(string line, string replies)
    {
        Require.Tool("bash");
        await using var daemon = await Start();
        var script = $$"""
            PATH={{Program()}}:$PATH
            . <(fulcrum completion bash)
            complete -p fulcrum >/dev/null || exit 1
            COMP_LINE='{{line}}' COMP_POINT=${#COMP_LINE} COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
            COMP_POINT=${#COMP_LINE}
            _fulcrum
            IFS='|'
            echo "${COMPREPLY[*]}"
            """;
        Assert.Equal(replies + "\n", Shell("bash", daemon, "--norc", "-c", script));
    }

    [Fact]
    public async Task Zsh_completes()
    {
        Require.Tool("zsh");
        await using var daemon = await Start();
        // What the completion system would be told.
        var script = $$$"""
            PATH={{{Program()}}}:$PATH
            compdef() { print "compdef $*" }
            _files() { print files }
            _describe() { shift 3; print -r -- "$1: ${(j:|:)${(P)1}}${2:+ $2}" }
            fulcrum completion zsh > {{{_folder.PathOf("_fulcrum")}}}
            . {{{_folder.PathOf("_fulcrum")}}}
            words=(fulcrum get backends web/10); CURRENT=4; _fulcrum
            words=(fulcrum explain backe); CURRENT=3; _fulcrum
            words=(fulcrum stat); CURRENT=2; _fulcrum
            words=(fulcrum validate ''); CURRENT=3; _fulcrum
            """;
        Assert.Equal(
            """
            compdef _fulcrum fulcrum
            ends: web/10.0.0.1\:80|web/10.0.0.2\:80
            goes: backend/ -S
            ends: status:Show the running node at a glance, what is in trouble first
            files

            """,
            Shell("zsh", daemon, "-f", "-c", script)
        );
    }

    [Fact]
    public async Task Fish_completes()
    {
        Require.Tool("fish");
        await using var daemon = await Start();
        var script = $$"""
            set -x PATH {{Program()}} $PATH
            fulcrum completion fish | source
            complete -C 'fulcrum get backends web/10'
            complete -C 'fulcrum stat'
            complete -C 'fulcrum get services -o j'
            """;
        Assert.Equal(
            """
            web/10.0.0.1:80
            web/10.0.0.2:80
            status	Show the running node at a glance, what is in trouble first
            json

            """,
            Shell("fish", daemon, "--no-config", "-c", script)
        );
    }

    private string Shell(string shell, Daemon daemon, params string[] arguments) =>
        Tool.Run("env", [$"FULCRUM_STATE={daemon.StateDirectory}", $"HOME={_folder.FullName}", shell, .. arguments]);

    // The program under the name that people type. A machine that is busy has more time than somebody at a prompt.
    private string Program()
    {
        var program = _folder.Write(
            "fulcrum",
            $"""
            #!/bin/sh
            if [ "$1" = complete ]; then
              shift
              set -- complete --within 30s "$@"
            fi
            exec dotnet {FulcrumProgram.Assembly} "$@"

            """
        );
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return _folder.FullName;
    }

    private static Task<Daemon> Start() =>
        Daemon.Start(
            null,
            $$"""
            upstreams:
              web: { backends: [10.0.0.1:80, 10.0.0.2:80, { address: 10.0.0.3:80, name: one }] }
            services: { shop: { listen: tcp://127.0.0.1:{{Ports.Unused()}}, upstream: web } }
            """
        );
}
