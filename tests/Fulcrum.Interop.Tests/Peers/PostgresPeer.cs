using System.Net;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests.Peers;

/// <summary>PostgreSQL at port 5432 of 127.0.0.1. It does not run as root, so it runs as Debian's user for it.</summary>
public sealed class PostgresPeer : Peer
{
    /// <summary>A role without room for any session.</summary>
    public const string Full = "crowd";

    private const string User = "postgres";

    private static readonly string[] AsUser = [$"--reuid={User}", $"--regid={User}", "--clear-groups", "--"];

    private PostgresPeer(NetworkNamespace home)
        : base(User, home) { }

    /// <summary>As it tells it.</summary>
    public static string Version => Tool.Run(Program("postgres"), "--version").Split(' ', 3)[2].Trim();

    /// <param name="access">Lines of <c>pg_hba.conf</c>.</param>
    /// <param name="isStandby">It waits for a primary and serves nobody.</param>
    public static async Task<PostgresPeer> Start(NetworkNamespace home, string access, bool isStandby = false)
    {
        var (program, make) = (Program("postgres"), Program("initdb"));
        var peer = new PostgresPeer(home);
        var data = peer.Folder.PathOf("data");
        Tool.Run("chown", User, peer.Folder.FullName);
        Tool.Run("setpriv", [.. AsUser, make, "-D", data, "-U", User, "-A", "trust", "--no-sync"]);
        Tool.RunWithInput(
            "setpriv",
            $"CREATE ROLE {Full} LOGIN CONNECTION LIMIT 0;\n",
            [.. AsUser, program, "--single", "-F", "-D", data, User]
        );
        if (isStandby)
        {
            peer.Folder.Write("data/standby.signal", "");
        }

        await peer.StartAsync(
            Require.Tool("setpriv"),
            [
                .. AsUser,
                program,
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

    // Debian keeps the programs of each version out of the way.
    private static string Program(string name)
    {
        _ = Require.Tool("pg_ctlcluster");
        const string Versions = "/usr/lib/postgresql";
        var path = Directory.Exists(Versions)
            ? Directory
                .GetDirectories(Versions)
                .Select(version => Path.Combine(version, "bin", name))
                .LastOrDefault(File.Exists)
            : null;
        Require.That(path is not null, "needs a PostgreSQL server");
        return path!;
    }
}
