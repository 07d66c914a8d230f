using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests.Packaging;

/// <summary>The units, as systemd's own tools see them. This machine need not run systemd.</summary>
public sealed class UnitTests
{
    /// <summary>systemd 252 says 2.1, of 10 for no protection at all; what is left is what a load balancer is for.</summary>
    private const int MostExposure = 21;

    private const int HangUp = 1;

    [Fact]
    public void Systemd_finds_no_fault_with_the_units()
    {
        var analyze = Require.Tool("systemd-analyze");
        using var root = new TemporaryDirectory();
        foreach (var program in new[] { "usr/bin/fulcrum", "bin/kill", "usr/bin/install" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(root.PathOf(program))!);
            root.Write(program, "");
            File.SetUnixFileMode(root.PathOf(program), (UnixFileMode)0b111_101_101);
        }

        const string Units = "usr/lib/systemd/system";
        Directory.CreateDirectory(root.PathOf(Units));
        foreach (var unit in new[] { "fulcrum.service", "fulcrum.socket" })
        {
            File.Copy(UnitFile.PathOf(unit), root.PathOf($"{Units}/{unit}"));
        }

        Directory.CreateDirectory(root.PathOf($"{Units}/fulcrum.service.d"));
        File.Copy(UnitFile.PathOf("programs.conf"), root.PathOf($"{Units}/fulcrum.service.d/programs.conf"));
        // Those that are part of every systemd.
        foreach (var target in new[] { "sysinit", "basic", "sockets", "shutdown", "network", "nss-lookup" })
        {
            root.Write($"{Units}/{target}.target", "[Unit]\n");
        }

        var (code, output, errors) = Tool.Try(
            analyze,
            "",
            $"--root={root.FullName}",
            "--man=no",
            "verify",
            "fulcrum.service",
            "fulcrum.socket"
        );
        Assert.Equal((0, "", ""), (code, output, errors));
    }

    [Fact]
    public void The_service_is_exposed_to_little() =>
        Assert.NotEmpty(
            Tool.Run(
                "systemd-analyze",
                "security",
                "--offline=true",
                $"--threshold={MostExposure.ToString(CultureInfo.InvariantCulture)}",
                UnitFile.PathOf("fulcrum.service")
            )
        );

    [Fact]
    public void The_filter_forbids_what_a_balancer_never_does()
    {
        Require.Tool("systemd-analyze");
        var allowed = SystemCallFilter.Of(UnitFile.Service);
        Assert.Empty(
            allowed.Intersect(["mount", "ptrace", "bpf", "init_module", "reboot", "setuid", "chroot", "add_key"])
        );
    }

    /// <summary>
    /// The program is traced while it serves, checks, is changed, reloads, is upgraded and drains; all that it and the
    /// programs it starts asked of the kernel must be in the unit's list.
    /// </summary>
    [Fact]
    public async Task The_filter_allows_all_that_the_program_asks_of_the_kernel()
    {
        var strace = Require.Tool("strace");
        Require.Tool("systemd-analyze");
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), AnswerAsync);
        var port = Ports.Unused();
        var configuration = $$"""
            defaults: { check: { interval: 200ms, timeout: 10s } }
            services:
              web:
                sessions: { drain: 1s }
                listen: ["tcp://127.0.0.1:{{port}}", "tcp://[::1]:{{port}}", "udp://127.0.0.1:{{port}}"]
                backends: [127.0.0.1:{{server.EndPoint.Port}}, localhost:{{server.EndPoint.Port}}]
                checks: [tcp, icmp, { http: / }, { exec: [/bin/sh, -c, "cat /proc/self/status | wc -l"] }]
            """;
        await using var daemon = await ManagedDaemon.StartAsync(
            configuration,
            self => [strace, "--daemonize=grandchild", "--follow-forks", "--summary-only", "-o", self.PathOf("calls")],
            null,
            ("DOTNET_EnableDiagnostics", "0"),
            ("WATCHDOG_USEC", "600000")
        );
        foreach (var check in new[] { "tcp", "icmp", "http", "exec" })
        {
            await daemon.WaitForLog($"{server.EndPoint.Port}/{check} is healthy");
        }

        await AskAsync(new(IPAddress.Loopback, port));
        await AskAsync(new(IPAddress.IPv6Loopback, port));
        using var datagrams = new UdpClient(AddressFamily.InterNetwork);
        await datagrams.SendAsync("ask"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, port));
        Assert.Equal(
            0,
            daemon.Command("drain", $"backend/web/127.0.0.1:{server.EndPoint.Port}", "--for", "1h").ExitCode
        );
        Assert.Equal(0, daemon.Command("explain", "service/web").ExitCode);
        daemon.Write(configuration.Replace("200ms", "300ms", StringComparison.Ordinal));
        daemon.Signal(HangUp);
        await daemon.WaitForLog("Reloaded ");
        daemon.UpgradeAndStop();
        Assert.Equal(0, await daemon.WaitForExit());

        await Wait.Until(
            () => File.ReadAllText(daemon.PathOf("calls")).TrimEnd().EndsWith("total", StringComparison.Ordinal),
            "strace to count"
        );
        // % time, seconds, usecs/call, calls, maybe errors, and the name, between two lines of dashes.
        var used = (await File.ReadAllLinesAsync(daemon.PathOf("calls")))
            .SkipWhile(line => !line.StartsWith('-'))
            .Skip(1)
            .TakeWhile(line => !line.StartsWith('-'))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1])
            .ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            new HashSet<string>(["epoll_wait", "accept4", "execve", "fsync", "recvmmsg", "socketpair"]),
            used
        );
        Assert.Empty(used.Except(SystemCallFilter.Of(UnitFile.Service)));
    }

    private static async Task AskAsync(IPEndPoint listener)
    {
        using var client = new Socket(listener.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener);
        await client.SendAsync("ask"u8.ToArray());
        Assert.NotEqual(0, await client.ReceiveAsync(new byte[16]));
    }

    private static async Task AnswerAsync(Socket socket)
    {
        var buffer = new byte[4096];
        if (await socket.ReceiveAsync(buffer) > 0)
        {
            await socket.SendAsync("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        }
    }
}
