using System.Text.Json.Nodes;
using Fulcrum.Linux.Netlink;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Linux.Tests.Netlink;

/// <summary>A namespace with one cable, <c>left</c> to <c>right</c>, both ends up: what we do there, and what ip(8) says of it.</summary>
internal sealed class Lab : IDisposable
{
    private readonly NetworkNamespace _home;

    public Lab()
    {
        _home = NetworkNamespace.Create("netlink");
        _home.Sysctl("net.ipv6.conf.default.accept_dad", "0");
        _home.Ip("link", "add", "name", "left", "type", "veth", "peer", "name", "right");
        _home.Ip("link", "set", "left", "up");
        _home.Ip("link", "set", "right", "up");
        Net = new Rtnetlink(Open, TimeProvider.System);
        Left = (int)Ip("link", "show", "left")[0]!["ifindex"]!;
        Right = (int)Ip("link", "show", "right")[0]!["ifindex"]!;
    }

    public Rtnetlink Net { get; }

    /// <summary>The number of one end.</summary>
    public int Left { get; }

    /// <summary>The number of the other end.</summary>
    public int Right { get; }

    /// <summary>Opens a socket inside, from any thread.</summary>
    public INetlinkSocket Open(NetlinkProtocol protocol, params ReadOnlySpan<uint> groups)
    {
        var joined = groups.ToArray();
        return _home.Run(() => NetlinkSocket.Open(protocol, joined));
    }

    /// <summary>What ip(8) says, in JSON and with all details.</summary>
    public JsonArray Ip(params ReadOnlySpan<string> arguments)
    {
        var said = _home.Ip(["-json", "-details", .. arguments]);
        // It says nothing at all where there is nothing.
        return said.Trim().Length == 0 ? [] : JsonNode.Parse(said)!.AsArray();
    }

    /// <summary>Lets ip(8) change something.</summary>
    public void Change(params ReadOnlySpan<string> arguments) => _home.Ip(arguments);

    /// <summary>Runs any tool inside.</summary>
    public string Run(string command, params string[] arguments) => _home.Run(command, arguments);

    public void Dispose()
    {
        Net.Dispose();
        _home.Dispose();
    }
}
