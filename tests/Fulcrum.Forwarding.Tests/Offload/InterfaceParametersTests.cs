using Fulcrum.Forwarding.Offload;
using Fulcrum.TestKit;

namespace Fulcrum.Forwarding.Tests.Offload;

public sealed class InterfaceParametersTests
{
    [Fact]
    public void What_keeps_packets_of_others_back_is_told_by_family_and_what_is_not_there_is_not()
    {
        using var root = new TemporaryDirectory();
        Write(root, "net/ipv4/conf/eth0/forwarding", "0\n");
        Write(root, "net/ipv6/conf/eth0/forwarding", "1\n");
        Write(root, "net/ipv4/conf/eth1/forwarding", "1\n");
        var parameters = new InterfaceParameters(root.FullName);
        Assert.Equal(["net/ipv4/conf/eth0/forwarding"], parameters.NotForwarding("eth0"));
        Assert.Empty(parameters.NotForwarding("eth1"));
        Assert.Empty(parameters.NotForwarding("eth2"));
    }

    [Theory]
    [InlineData("0", "0", false)]
    [InlineData("1", "0", true)]
    [InlineData("0", "1", true)]
    public void Own_addresses_are_taken_in_when_the_interface_says_so_or_all_do(string all, string one, bool isTaken)
    {
        using var root = new TemporaryDirectory();
        Write(root, "net/ipv4/conf/all/accept_local", all);
        Write(root, "net/ipv4/conf/eth0/accept_local", one);
        Assert.Equal(isTaken, new InterfaceParameters(root.FullName).AcceptsLocal("eth0"));
        Assert.Equal(all == "1", new InterfaceParameters(root.FullName).AcceptsLocal("eth7"));
    }

    private static void Write(TemporaryDirectory root, string path, string text)
    {
        var file = root.PathOf(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
