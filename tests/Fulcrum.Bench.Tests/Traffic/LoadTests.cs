using Fulcrum.Bench.Proxies;
using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench.Tests.Traffic;

/// <summary>Each load against its own backend, without a proxy: nothing is lost, and all is counted.</summary>
public sealed class LoadTests : IDisposable
{
    private const uint Loopback = 0x7f000001;
    private const uint FirstSource = 0x7f100000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("fulcrum-load-").FullName;
    private readonly Backends _backends = new(Loopback);

    [Theory]
    [InlineData(Exchange.Manner.Again, 128, 128)]
    [InlineData(Exchange.Manner.Again, 128, 16 * 1024)]
    [InlineData(Exchange.Manner.Again, 3 * 1024 * 1024, 2 * 1024 * 1024)]
    [InlineData(Exchange.Manner.Close, 128, 128)]
    internal void Exchanges_are_counted_with_how_long_they_took(Exchange.Manner manner, int request, int response)
    {
        using var load = new Exchange(_backends.Listener, manner, 8, request, response);
        // Twice: the second run finds nothing of the first one.
        Run(load, _backends.Stream);
        var sample = Run(load, _backends.Stream);
        Assert.InRange(sample.Half, TimeSpan.FromMicroseconds(1), sample.Tail);
    }

    [Fact]
    public void Connections_are_held_until_something_is_done()
    {
        using var load = new Exchange(_backends.Listener, Exchange.Manner.Stay, 0, 128, 128);
        var open = 0;
        var failed = load.Hold(_backends.Stream, 500, TimeSpan.FromSeconds(20), () => open = CountSockets());
        Assert.Equal(0, failed);
        Assert.InRange(open, 1000, int.MaxValue);
        Assert.InRange(CountSockets(), 0, open - 1000);
    }

    [Theory]
    [InlineData(Exchange.Manner.Again, null)]
    [InlineData(Exchange.Manner.Close, false)]
    [InlineData(Exchange.Manner.Close, true)]
    internal async Task Exchanges_by_TLS_are_counted_and_resume_when_they_should(Exchange.Manner manner, bool? resumes)
    {
        await using var terminator = new Terminator(OwnCertificate.FileIn(_folder), _backends.Stream, resumes: true);
        using var load = new SecureExchange(_backends.Listener, manner, 8, 128, resumes);
        var sample = Run(load, terminator.Address);
        Assert.InRange(sample.Half, TimeSpan.FromMicroseconds(1), sample.Tail);
        Assert.InRange(sample.LoadCpu, TimeSpan.FromMicroseconds(1), sample.Elapsed);
        Assert.StartsWith("Tls13, TLS_AES_", load.Agreed, StringComparison.Ordinal);
    }

    /// <summary>Whoever measures resumed handshakes has to see that there are none.</summary>
    [Fact]
    public async Task What_does_not_resume_is_an_error()
    {
        await using var terminator = new Terminator(OwnCertificate.FileIn(_folder), _backends.Stream, resumes: false);
        using var load = new SecureExchange(_backends.Listener, Exchange.Manner.Close, 8, 128, resumes: true);
        var sample = load.Run(terminator.Address, TimeSpan.Zero, TimeSpan.FromSeconds(1), () => TimeSpan.Zero);
        Assert.InRange(sample.Errors, 1, long.MaxValue);
    }

    [Fact]
    public async Task Connections_by_TLS_are_held()
    {
        await using var terminator = new Terminator(OwnCertificate.FileIn(_folder), _backends.Stream, resumes: true);
        using var load = new SecureExchange(_backends.Listener, Exchange.Manner.Stay, 0, 128, resumes: null);
        var open = 0;
        Assert.Equal(0, load.Hold(terminator.Address, 50, Longest, () => open = CountSockets()));
        Assert.InRange(open, 200, int.MaxValue);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void Bulk_is_counted_in_bytes(int streams)
    {
        using var load = new Bulk(_backends.Listener, streams);
        Run(load, _backends.Stream, 1024 * 1024);
    }

    [Theory]
    [InlineData(64, 64, 1, 1, 64)]
    [InlineData(1400, 10, 1, 1, 10)]
    [InlineData(64, 1000, 1, 1, 64)]
    [InlineData(1200, 16, 20, 1, 4)]
    [InlineData(64, 16, 1, 4, 12)]
    public void Datagrams_come_back(int length, int flows, int train, int burst, int most)
    {
        using var load = new Datagrams(_backends.DatagramSocket, FirstSource, flows, length, train, most)
        {
            Burst = burst,
        };
        Run(load, _backends.Datagrams);
        Run(load, _backends.Datagrams, flows);
    }

    /// <summary>Nobody is there: what was sent is lost, once its time is over, and others are sent.</summary>
    [Fact]
    public void Datagrams_that_do_not_come_back_are_counted()
    {
        using var load = new Datagrams(_backends.DatagramSocket, FirstSource, 4, 64, 1, 4);
        var silent = Native.DatagramSocket(Loopback);
        var sample = load.Run(silent.Address, TimeSpan.Zero, TimeSpan.FromMilliseconds(700), () => TimeSpan.Zero);
        _ = Native.Close(silent.Fd);
        Assert.Equal(0, sample.Units);
        Assert.InRange(sample.Errors, 4, 12);
    }

    public void Dispose()
    {
        _backends.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // The runtime opens descriptors of other kinds when it pleases.
    private static int CountSockets() =>
        Directory
            .GetFiles("/proc/self/fd")
            .Count(path => new FileInfo(path).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) ?? false);

    /// <summary>For as long as it takes on this machine until there is enough to look at.</summary>
    private static Sample Run(ILoad load, Address target, long enough = 1)
    {
        var duration = Duration;
        while (true)
        {
            var sample = load.Run(target, WarmUp, duration, () => TimeSpan.Zero);
            Assert.Equal(0, sample.Errors);
            Assert.InRange(sample.Elapsed, duration, TimeSpan.MaxValue);
            if (sample.Units >= enough)
            {
                return sample;
            }
            Assert.True(
                duration < Longest,
                $"{sample.Units} of {enough} units in {duration.TotalSeconds} s; {File.ReadAllText("/proc/net/sockstat")}"
            );
            duration *= 2;
        }
    }
}
