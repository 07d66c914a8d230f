using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.EndToEnd.Tests.Packaging;

/// <summary>The Debian package in a minimal Debian of its own.</summary>
public sealed class PackageTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string Configuration = "/etc/fulcrum/fulcrum.yaml";

    [Fact]
    public async Task The_package_is_installed_serves_as_its_unit_says_is_upgraded_removed_and_purged()
    {
        using var root = await CleanRoot.CreateWithPackageAsync();
        Assert.Contains("fulcrum 0.", await root.RunAsync("fulcrum", "version"), StringComparison.Ordinal);
        Assert.Contains(
            $"{Configuration} is valid: 0 services",
            await root.RunAsync("fulcrum", "validate", Configuration),
            StringComparison.Ordinal
        );
        Assert.Equal("fulcrum fulcrum 700\n", await root.RunAsync("stat", "-c", "%U %G %a", "/var/lib/fulcrum"));
        Assert.EndsWith(
            ":/var/lib/fulcrum:/usr/sbin/nologin\n",
            await root.RunAsync("getent", "passwd", "fulcrum"),
            StringComparison.Ordinal
        );
        // deb-systemd-helper, without systemd: it starts with the next boot.
        Assert.NotNull(
            new FileInfo(root.PathOf("/etc/systemd/system/multi-user.target.wants/fulcrum.service")).LinkTarget
        );

        await ServeAsync(root);

        await root.InstallAsync(await DebianPackage.Path);
        Assert.Contains(
            "tcp://0.0.0.0:80",
            await File.ReadAllTextAsync(root.PathOf(Configuration)),
            StringComparison.Ordinal
        );

        await root.RunAsync("dpkg", "--remove", "fulcrum");
        Assert.False(Directory.Exists(root.PathOf("/usr/lib/fulcrum")));
        Assert.True(File.Exists(root.PathOf(Configuration)));
        Assert.True(Directory.Exists(root.PathOf("/var/lib/fulcrum/journal")));

        await root.RunAsync("dpkg", "--purge", "fulcrum");
        Assert.False(Directory.Exists(root.PathOf("/etc/fulcrum")));
        Assert.False(Directory.Exists(root.PathOf("/var/lib/fulcrum")));
        Assert.Empty(await root.RunAsync("find", "/etc", "/usr", "/var/lib/systemd", "-name", "*fulcrum*"));
    }

    [Fact]
    public async Task The_package_holds_what_it_should_owned_by_root_and_written_by_nobody_else()
    {
        var package = await DebianPackage.Path;
        var lines = Tool.Run("dpkg-deb", "--contents", package).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Equal("root/root", Fields(line)[1]));
        Assert.All(lines, line => Assert.Matches("^(-rw-r--r--|-rwxr-xr-x|drwxr-xr-x|lrwxrwxrwx) ", line));
        var programs = lines.Where(line => line.StartsWith("-rwx", StringComparison.Ordinal)).Select(PathIn);
        Assert.Equal(
            ["./usr/lib/fulcrum/createdump", "./usr/lib/fulcrum/fulcrum"],
            programs.Order(StringComparer.Ordinal)
        );
        string[] expected =
        [
            "./etc/fulcrum/fulcrum.yaml",
            "./usr/bin/fulcrum",
            "./usr/lib/systemd/system/fulcrum.service",
            "./usr/lib/systemd/system/fulcrum.socket",
            "./usr/lib/sysusers.d/fulcrum.conf",
            "./usr/share/doc/fulcrum/copyright",
            "./usr/share/doc/fulcrum/changelog.gz",
            "./usr/share/doc/fulcrum/running.md",
            "./usr/share/doc/fulcrum/runtime-notices.gz",
            "./usr/share/doc/fulcrum/examples/smallest.yaml",
            "./usr/share/fulcrum/fulcrum.schema.json",
        ];
        Assert.Empty(expected.Except(lines.Select(PathIn)));
        Assert.DoesNotContain(lines, line => line.EndsWith(".pdb", StringComparison.Ordinal));
        Assert.Equal("/etc/fulcrum/fulcrum.yaml\n", Tool.Run("dpkg-deb", "--info", package, "conffiles"));
    }

    private static async Task ServeAsync(CleanRoot root)
    {
        using var home = NetworkNamespace.Create("package");
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = TcpServer.Start(home, new(IPAddress.Loopback, 0), socket => AnswerAsync(socket, held));
        // A port below 1024 and an ICMP socket need the capabilities that the unit gives.
        await File.WriteAllTextAsync(
            root.PathOf(Configuration),
            $$"""
            services:
              web:
                listen: tcp://0.0.0.0:80
                backends: [127.0.0.1:{{server.EndPoint.Port}}]
                checks: [tcp, icmp]
            """
        );
        await using var daemon = await InstalledDaemon.StartAsync(root, home);
        await daemon.WaitForLog("check web/127.0.0.1:");
        var status = await File.ReadAllLinesAsync($"/proc/{daemon.Pid}/status");
        var user = (await root.RunAsync("id", "-u", "fulcrum")).Trim();
        Assert.Contains($"Uid:\t{user}\t{user}\t{user}\t{user}", status);
        // Bits 10, 12 and 13: CAP_NET_BIND_SERVICE, CAP_NET_ADMIN and CAP_NET_RAW.
        foreach (var set in new[] { "CapEff", "CapPrm", "CapAmb", "CapBnd" })
        {
            Assert.Contains($"{set}:\t0000000000003400", status);
        }

        Assert.Contains("NoNewPrivs:\t1", status);
        Assert.Contains("Umask:\t0077", status);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(root.PathOf("/var/lib/fulcrum")));

        using var client = home.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, 80);
        await client.SendAsync("ask"u8.ToArray());
        Assert.Equal("answered", await ReadAsync(client));
        await Wait.Until(
            async () => (await root.RunAsync("fulcrum", "get", "checks")).Split("  healthy").Length == 3,
            "both checks to be healthy"
        );
        Assert.Contains("web", await root.RunAsync("fulcrum", "status"), StringComparison.Ordinal);

        // SIGTERM: the connection that is there goes on, and the daemon ends when it has ended.
        const int terminate = 15;
        daemon.Signal(terminate);
        await daemon.WaitForLog("Draining: 1 sessions left");
        Assert.True(daemon.Notify.Heard("STOPPING=1"));
        using var late = home.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync(IPAddress.Loopback, 80));
        held.SetResult();
        Assert.Equal("finished", await ReadAsync(client));
        client.Dispose();
        Assert.Equal(0, await daemon.WaitForExit());
    }

    private static async Task AnswerAsync(Socket socket, TaskCompletionSource held)
    {
        var buffer = new byte[16];
        if (await socket.ReceiveAsync(buffer) > 0)
        {
            await socket.SendAsync("answered"u8.ToArray());
            await held.Task;
            await socket.SendAsync("finished"u8.ToArray());
        }
    }

    private static async Task<string> ReadAsync(Socket socket)
    {
        var buffer = new byte[16];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer));
    }

    // -rw-r--r-- root/root 123 2026-11-28 13:00 ./path -> target
    private static string[] Fields(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string PathIn(string line) => Fields(line)[5];
}
