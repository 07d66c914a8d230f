using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit;

namespace Fulcrum.EndToEnd.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_valid_file_is_counted()
    {
        var file = _folder.Write(
            "web.yaml",
            "services: { web: { listen: tcp://:8080, backends: [127.0.0.1:9001, 127.0.0.1:9002] } }"
        );
        var (code, output, errors) = FulcrumProgram.Run("validate", file);
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal($"{file} is valid: 1 service, 1 upstream, 2 backends.\n", output);
    }

    [Fact]
    public void A_broken_file_is_shown_with_every_mistake_and_its_place()
    {
        var file = _folder.Write(
            "web.yaml",
            """
            services:
              web:
                listen: tcp://0.0.0.0:80800
                blance: maglev
                backends: [127.0.0.1:9001]
            """
        );
        var (code, output, errors) = FulcrumProgram.Run("validate", file);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains($"{file}:3:13: services.web.listen", errors, StringComparison.Ordinal);
        Assert.Contains($"{file}:4:5: services.web: unknown key 'blance'", errors, StringComparison.Ordinal);
        Assert.Contains("did you mean 'balance'?", errors, StringComparison.Ordinal);
        Assert.EndsWith($"{file} is not valid: 2 errors.\n", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_this_version_cannot_carry_out_is_valid_but_not_run()
    {
        var file = _folder.Write(
            "web.yaml",
            """
            services:
              web:
                listen: tcp://127.0.0.1:0
                sessions: { track: 1m }
                backends: [127.0.0.1:9001]
            """.Replace(":0\n", ":8080\n", StringComparison.Ordinal)
        );
        var validated = FulcrumProgram.Run("validate", file);
        Assert.Equal(0, validated.ExitCode);
        Assert.Contains($"{file}:4:", validated.Errors, StringComparison.Ordinal);
        var run = FulcrumProgram.Run("run", file, "--state", _folder.PathOf("state"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("'track' cannot be carried out by this version yet", run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.PathOf("state")));
    }

    [Fact]
    public void A_port_that_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var file = _folder.Write(
            "web.yaml",
            string.Create(
                CultureInfo.InvariantCulture,
                $"services: {{ web: {{ listen: tcp://127.0.0.1:{port}, backends: [127.0.0.1:9001] }} }}"
            )
        );
        var (code, _, errors) = FulcrumProgram.Run("run", file, "--state", _folder.PathOf("state"));
        Assert.Equal(1, code);
        Assert.Contains("services.web.listen[0]", errors, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{port}", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("run")]
    [InlineData("status", "-o", "xml")]
    [InlineData("demo", "--port", "0")]
    [InlineData("demo", "--port", "65536")]
    [InlineData("demo", "--port", "http")]
    public void Wrong_use_ends_with_2(params string[] arguments) =>
        Assert.Equal(2, FulcrumProgram.Run(arguments).ExitCode);

    [Fact]
    public void A_file_that_is_not_there_is_said_so()
    {
        var (code, _, errors) = FulcrumProgram.Run("run", _folder.PathOf("none.yaml"));
        Assert.Equal(1, code);
        Assert.Contains("none.yaml", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_does_not_run_is_said_so_with_what_to_do()
    {
        var (code, _, errors) = FulcrumProgram.Run("status", "--state", _folder.PathOf("state"));
        Assert.Equal(1, code);
        Assert.Contains("there is no such socket", errors, StringComparison.Ordinal);
        Assert.Contains("fulcrum run FILE", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_cannot_be_written_is_said_so_in_one_line()
    {
        var (code, _, errors) = Tool.Try("sh", "", ["-c", $"exec dotnet {FulcrumProgram.Assembly} schema >/dev/full"]);
        Assert.Equal(1, code);
        Assert.Equal("fulcrum: No space left on device\n", errors);
    }

    [Fact]
    public void The_wrong_node_is_refused_with_the_names_there_are()
    {
        var file = _folder.Write(
            "web.yaml",
            "{ nodes: { lb1: {}, lb2: {} }, services: { web: { listen: tcp://127.0.0.1:8080, backends: [127.0.0.1:9001] } } }"
        );
        var (code, _, errors) = FulcrumProgram.Run("run", file, "--node", "lb3");
        Assert.Equal(1, code);
        Assert.Contains("there is no node 'lb3'; expected one of lb1, lb2", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disabled_node_does_not_run()
    {
        var file = _folder.Write(
            "web.yaml",
            "{ nodes: { lb1: { enabled: false } }, services: { web: { listen: tcp://127.0.0.1:8080, backends: [127.0.0.1:9001] } } }"
        );
        var (code, _, errors) = FulcrumProgram.Run("run", file, "--node", "lb1");
        Assert.Equal(1, code);
        Assert.Contains("nodes.lb1.enabled: this node takes no part", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_is_the_committed_one()
    {
        var (code, output, _) = FulcrumProgram.Run("schema");
        Assert.Equal(0, code);
        Assert.Equal(File.ReadAllText(Repository.PathOf("schema", "fulcrum.schema.json")).Trim(), output.Trim());
    }
}
