using System.Net;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests.Peers;

/// <summary>
/// MariaDB at port 3306 of all addresses, with few connections and little patience. It sees names of its own
/// (<c>/etc/hosts</c> in a mount namespace): it keeps count of a host's failures only where the host has a name.
/// </summary>
public sealed class MariadbPeer : Peer
{
    public const int MostConnections = 10;
    public const int MostErrors = 10;

    private MariadbPeer(NetworkNamespace home)
        : base("mariadbd", home) { }

    /// <summary>As it tells it.</summary>
    public static string Version =>
        Tool.Run("mariadbd", "--version").Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];

    /// <param name="hosts">Names of its clients, as the file has them.</param>
    /// <param name="sql">Statements, one a line, that make its users.</param>
    public static async Task<MariadbPeer> Start(NetworkNamespace home, string hosts, string sql)
    {
        var program = Require.Tool("mariadbd");
        var peer = new MariadbPeer(home);
        var (data, file) = (peer.Folder.PathOf("data"), peer.Folder.Write("hosts", $"127.0.0.1 localhost\n{hosts}\n"));
        Tool.Run("mariadb-install-db", "--no-defaults", $"--datadir={data}", "--user=root", "--skip-test-db");
        await peer.StartAsync(
            Require.Tool("unshare"),
            [
                "--mount",
                "sh",
                "-c",
                $"mount --bind '{file}' /etc/hosts && exec \"$0\" \"$@\"",
                program,
                "--no-defaults",
                "--user=root",
                $"--datadir={data}",
                $"--socket={peer.Folder.PathOf("socket")}",
                $"--pid-file={peer.Folder.PathOf("pid")}",
                $"--init-file={peer.Folder.Write("init.sql", sql)}",
                "--bind-address=0.0.0.0",
                $"--max-connections={MostConnections}",
                $"--max-connect-errors={MostErrors}",
                "--innodb-buffer-pool-size=8M",
                "--innodb-flush-log-at-trx-commit=0",
            ]
        );
        return peer;
    }

    protected override Task<bool> IsReady() => Ports.Accepts(Home, new(IPAddress.Loopback, 3306));
}
