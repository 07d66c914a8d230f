using System.Net;
using Fulcrum.Model.Services;

namespace Fulcrum.Configuration.Tests.Language;

/// <summary>Listeners of prefixes and of many ports, in one word.</summary>
public sealed class WideListenerTests
{
    [Theory]
    [InlineData("tcp://198.51.100.0/24:*", "198.51.100.0", 24, true)]
    [InlineData("udp://[2001:db8::/64]:53", "2001:db8::", 64, true)]
    [InlineData("tcp://198.51.100.7/32:80", "198.51.100.7", 32, true)]
    [InlineData("tcp://192.0.2.1:*", "192.0.2.1", null, true)]
    [InlineData("udp://192.0.2.1:1-1025", "192.0.2.1", null, true)]
    [InlineData("udp://192.0.2.1:1-1024", "192.0.2.1", null, false)]
    [InlineData("tcp://0.0.0.0:*", "0.0.0.0", null, false)]
    public void What_is_written_is_what_is_read(string text, string address, int? prefixLength, bool isWide)
    {
        var result = SnapshotLoader.Parse(
            $"services: {{ all: {{ listen: '{text}', backends: 10.0.0.1 }} }}",
            "test.yaml",
            ConfigurationFormat.Yaml
        );
        Assert.True(result.Problems.Count == 0, string.Join('\n', result.Problems));
        var listener = Assert.Single(Assert.Single(result.Snapshot!.Services).Listeners);
        Assert.Equal(
            (IPAddress.Parse(address), prefixLength, isWide, text),
            (listener.Address, listener.PrefixLength, listener.IsWide, listener.ToString())
        );
    }
}
