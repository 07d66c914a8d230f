using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.TestKit.Tests.Namespaces;

public sealed class NetworkNamespaceTests
{
    [Fact]
    public void Code_runs_inside_and_the_test_stays_outside()
    {
        using var home = NetworkNamespace.Create("inside");
        home.Ip("link", "add", "only-here", "type", "bridge");
        Assert.Contains("only-here", home.Run("ip", "-br", "link"), StringComparison.Ordinal);
        Assert.DoesNotContain("only-here", Tool.Run("ip", "-br", "link"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_made_inside_is_awaited_from_anywhere()
    {
        using var home = NetworkNamespace.Create("sockets");
        using var listener = home.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var inside = home.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await inside.ConnectAsync(listener.LocalEndPoint!, TestContext.Current.CancellationToken);
        using var outside = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() =>
            outside.ConnectAsync(listener.LocalEndPoint!, TestContext.Current.CancellationToken).AsTask()
        );
    }

    [Fact]
    public void Exceptions_come_through()
    {
        using var home = NetworkNamespace.Create("failing");
        Assert.Throws<FormatException>(() => home.Run(() => throw new FormatException()));
    }

    [Fact]
    public void Kernel_parameters_are_its_own()
    {
        const string File = "/proc/sys/net/ipv4/ip_nonlocal_bind";
        using var home = NetworkNamespace.Create("sysctl");
        using var other = NetworkNamespace.Create("sysctl");
        home.Sysctl("net.ipv4.ip_nonlocal_bind", "1");
        Assert.Equal("1", home.Run(() => System.IO.File.ReadAllText(File)).Trim());
        Assert.Equal("0", other.Run(() => System.IO.File.ReadAllText(File)).Trim());
    }

    [Fact]
    public async Task Disposal_ends_what_runs_inside_and_removes_the_name()
    {
        var home = NetworkNamespace.Create("disposed");
        using var process = new System.Diagnostics.Process
        {
            StartInfo = Tool.StartInfo(Require.Tool("sleep"), ["1000"]),
        };
        home.Start(process);
        Assert.True(File.Exists($"/run/netns/{home.Name}"));
        home.Dispose();
        home.Dispose();
        Assert.False(File.Exists($"/run/netns/{home.Name}"));
        await Wait.For(process.WaitForExitAsync(TestContext.Current.CancellationToken), "the process to be ended");
    }
}
