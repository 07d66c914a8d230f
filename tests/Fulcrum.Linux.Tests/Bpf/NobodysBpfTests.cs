using System.Net;
using System.Net.Sockets;
using Fulcrum.Linux.Bpf;
using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Netlink;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Linux.Tests.Bpf;

/// <summary>
/// A user who is not root, with CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON and no other right, loads programs, attaches them
/// and gives them names. This assembly is run a second time for it, as that user.
/// </summary>
public sealed class NobodysBpfTests : IDisposable
{
    internal const string Nobody = "65534";
    internal const ulong RightsMask = (1UL << 12) | (1UL << 38) | (1UL << 39);
    internal const string FolderVariable = "FULCRUM_BPF_FOLDER";
    internal const string LinkVariable = "FULCRUM_BPF_LINK";
    private const string Rights = "-all,+bpf,+net_admin,+perfmon";

    private readonly TemporaryDirectory _folder = new();
    private readonly Topology _topology = new();
    private readonly Host _sender;
    private readonly Host _receiver;

    public NobodysBpfTests()
    {
        (_sender, _receiver) = (_topology.AddHost("sender"), _topology.AddHost("receiver"));
        Directory.CreateDirectory(Pins(_folder.FullName));
        BpfFileSystem.Mount(Pins(_folder.FullName));
    }

    public void Dispose()
    {
        _topology.Dispose();
        Tool.Run("umount", "-l", Pins(_folder.FullName));
        _folder.Dispose();
    }

    [Fact]
    public async Task Three_rights_are_enough()
    {
        var dotnet = Require.Tool("dotnet");
        string[] nobody =
        [
            $"--reuid={Nobody}",
            $"--regid={Nobody}",
            "--clear-groups",
            $"--inh-caps={Rights}",
            $"--ambient-caps={Rights}",
            $"--bounding-set={Rights}",
            "--no-new-privs",
        ];
        var setpriv = Require.Tool("setpriv");
        Require.That(
            Tool.Try(setpriv, "", [.. nobody, dotnet, "--list-runtimes"]).ExitCode == 0,
            "a dotnet that every user may run"
        );
        // The repository may be where only its owner looks.
        var assembly = Copy();
        await File.WriteAllBytesAsync(_folder.PathOf("sample.bpf.o"), Samples.Bytes("sample"));
        Tool.Run("chmod", "-R", "a+rX", _folder.FullName);
        Tool.Run("chown", Nobody, Pins(_folder.FullName));
        using var net = new Rtnetlink(Open, TimeProvider.System);
        var link = (await net.Links.FindAsync("eth0"))!.Index;
        var (code, output, errors) = _receiver.Namespace.Run(() =>
            Tool.Try(
                setpriv,
                "",
                [
                    .. nobody,
                    "env",
                    $"{FolderVariable}={_folder.FullName}",
                    $"{LinkVariable}={link}",
                    $"HOME={_folder.FullName}",
                    dotnet,
                    assembly,
                    "-noColor",
                    "-explicit",
                    "only",
                    "-method",
                    $"{typeof(NobodysPart).FullName}.{nameof(NobodysPart.As_nobody)}",
                ]
            )
        );
        Assert.True(
            code == 0
                && output.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", StringComparison.Ordinal),
            output + errors
        );

        // What it gave names to goes on without it.
        using var seen = BpfMap.Open(Path.Join(Pins(_folder.FullName), "seen"))!;
        var (driver, behind) = (Samples.Seen(seen, 'x'), Samples.Seen(seen, 't'));
        await HearAsync();
        Assert.True(Samples.Seen(seen, 'x') > driver && Samples.Seen(seen, 't') > behind);
    }

    internal static string Pins(string folder) => Path.Join(folder, "pins");

    private string Copy()
    {
        var target = Directory.CreateDirectory(_folder.PathOf("program")).FullName;
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            File.Copy(file, Path.Join(target, Path.GetFileName(file)));
        }

        return Path.Join(target, Path.GetFileName(typeof(NobodysBpfTests).Assembly.Location));
    }

    private NetlinkSocket Open(NetlinkProtocol protocol, params ReadOnlySpan<uint> groups)
    {
        var joined = groups.ToArray();
        return _receiver.Namespace.Run(() => NetlinkSocket.Open(protocol, joined));
    }

    private async Task HearAsync()
    {
        using var target = _receiver.Namespace.OpenSocket(
            AddressFamily.InterNetwork,
            SocketType.Dgram,
            ProtocolType.Udp
        );
        target.Bind(new IPEndPoint(_receiver.Address, 0));
        using var socket = _sender.Namespace.OpenSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SendTo("hello"u8, target.LocalEndPoint!);
        Assert.Equal(5, await Wait.For(target.ReceiveAsync(new byte[100].AsMemory()).AsTask(), "a datagram"));
    }
}
