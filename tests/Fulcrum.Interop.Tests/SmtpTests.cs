using System.Net;
using System.Net.Sockets;
using Fulcrum.Interop.Tests.Peers;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit.Namespaces;
using static Fulcrum.Interop.Tests.Finding;

namespace Fulcrum.Interop.Tests;

public sealed class SmtpTests
{
    [Fact]
    public async Task A_mail_server_is_greeted_and_left_politely()
    {
        using var home = NetworkNamespace.Create("smtp");
        await using var peer = await MailPeer.Start(home);
        var greeting = await Greeting(home);
        var task = Inquiry.TaskFor(new GreetingProbe("smtp"), IPAddress.Loopback, 25);
        var finding = await Inquiry.Verdict(task, home);
        Assert.Equal(Healthy(greeting), finding);
        await peer.WaitForLog("QUIT");
    }

    // It names the machine.
    private static async Task<string> Greeting(NetworkNamespace home)
    {
        using var socket = home.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, 25);
        using var reader = new StreamReader(new NetworkStream(socket));
        var line = await reader.ReadLineAsync();
        Assert.StartsWith("220 ", line, StringComparison.Ordinal);
        return line![4..];
    }
}
