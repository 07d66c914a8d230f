using System.Net;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests.Peers;

/// <summary>PostgreSQL at port 5432 of 127.0.0.1. It does not run as root, so it runs as Debian's user for it.</summary>
public sealed class PostgresPeer : Peer
{
    private const string User = "postgres";

    private static readonly string[] AsUser = [$"--reuid={User}", $"--regid={User}", "--clear-groups", "--"];

    private PostgresPeer(NetworkNamespace home)
        : base(User, home) { }

    /// <param name="access">Lines of <c>pg_hba.conf</c>.</param>
    /// <param name="isStandby">It waits for a primary and serves nobody.</param>
    public static async Task<PostgresPeer> Start(NetworkNamespace home, string access, bool isStandby = false)
    {
        // Debian keeps the programs of each version out of the way.
        _ = Require.Tool("pg_ctlcluster");
        var programs = Path.GetDirectoryName(
            Directory
                .GetDirectories("/usr/lib/postgresql")
                .Select(version => Path.Combine(version, "bin", "postgres"))
                .Where(File.Exists)
                .MaxBy(path => path.Length)
        );
        Require.That(programs is not null, "needs a PostgreSQL server");
        var peer = new PostgresPeer(home);
        var data = peer.Folder.PathOf("data");
        Tool.Run("chown", User, peer.Folder.FullName);
        Tool.Run("setpriv", [.. AsUser, $"{programs}/initdb", "-D", data, "-U", User, "-A", "trust", "--no-sync"]);
        if (isStandby)
        {
            peer.Folder.Write("data/standby.signal", "");
        }

        await peer.StartAsync(
            Require.Tool("setpriv"),
            [
                .. AsUser,
                $"{programs}/postgres",
                "-D",
                data,
                "-F",
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                $"hba_file={peer.Folder.Write("access", access)}",
                "-c",
                $"hot_standby={(isStandby ? "off" : "on")}",
            ]
        );
        return peer;
    }

    protected override Task<bool> IsReady() => Ports.Accepts(Home, new(IPAddress.Loopback, 5432));
}
