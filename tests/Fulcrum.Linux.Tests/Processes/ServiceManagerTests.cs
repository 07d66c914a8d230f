using System.Globalization;
using System.Net.Sockets;
using Fulcrum.Linux.Processes;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Linux.Tests.Processes;

public sealed class ServiceManagerTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_life_is_told_to_a_path_and_to_a_name_outside_the_file_system(bool isAbstract)
    {
        using var heard = new NotifySocket(isAbstract ? $"@fulcrum-test-{Guid.NewGuid():N}" : _folder.PathOf("notify"));
        var manager = new ServiceManager(heard.Name, _time);
        manager.Ready("2 services");
        manager.Alive();
        _time.Advance(TimeSpan.FromSeconds(7));
        manager.Reloading();
        manager.Status("draining, 3 sessions left");
        manager.Stopping("draining", TimeSpan.FromSeconds(90));
        var monotonic = (_time.GetTimestamp() / (decimal)_time.TimestampFrequency * 1_000_000m);
        Assert.Equal(
            [
                "READY=1\nSTATUS=2 services",
                "WATCHDOG=1",
                $"RELOADING=1\nMONOTONIC_USEC={decimal.Truncate(monotonic).ToString(CultureInfo.InvariantCulture)}",
                "STATUS=draining, 3 sessions left",
                "STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC=90000000",
            ],
            heard.Messages
        );
    }

    [Fact]
    public void The_time_of_a_reload_is_the_monotonic_clock_of_the_machine()
    {
        using var heard = new NotifySocket(_folder.PathOf("notify"));
        var before = Uptime();
        new ServiceManager(heard.Name, TimeProvider.System).Reloading();
        var said = long.Parse(heard.Messages.Single().Split('=')[^1], CultureInfo.InvariantCulture) / 1e6;
        Assert.InRange(said, before - 0.02, Uptime() + 0.02);
    }

    [Fact]
    public void Another_process_may_become_the_service_and_sockets_are_kept_under_a_name()
    {
        using var heard = new NotifySocket(_folder.PathOf("notify"));
        var manager = new ServiceManager(heard.Name, _time);
        manager.MainProcess(4711, "handed over");
        manager.Draining("3 left", TimeSpan.FromSeconds(5));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        int[] many = [.. Enumerable.Repeat((int)socket.Handle, 300)];
        manager.Store("listener", many);
        manager.Forget("listener");
        Assert.Equal(
            [
                "READY=1\nMAINPID=4711\nSTATUS=handed over",
                "STATUS=3 left\nEXTEND_TIMEOUT_USEC=5000000",
                // The kernel takes 253 with one message.
                "FDSTORE=1\nFDNAME=listener",
                "FDSTORE=1\nFDNAME=listener",
                "FDSTOREREMOVE=1\nFDNAME=listener",
            ],
            heard.Messages
        );
    }

    [Fact]
    public void A_status_is_one_line_whatever_it_holds()
    {
        using var heard = new NotifySocket(_folder.PathOf("notify"));
        new ServiceManager(heard.Name, _time).Status("web\nWATCHDOG=trigger");
        Assert.Equal(["STATUS=web WATCHDOG=trigger"], heard.Messages);
    }

    [Fact]
    public void Nobody_who_listens_and_nobody_who_reads_hold_nothing_up()
    {
        foreach (var name in new[] { null, "", "/", _folder.PathOf("none"), $"@{new string('x', 200)}" })
        {
            new ServiceManager(name, _time).Ready("ready");
        }

        using var deaf = new NotifySocket(_folder.PathOf("notify"));
        var manager = new ServiceManager(deaf.Name, _time);
        // Many more than its queue takes (net.unix.max_dgram_qlen).
        for (var sign = 0; sign < 5_000; sign++)
        {
            manager.Alive();
        }

        Assert.InRange(deaf.Messages.Count, 1, 4_999);
    }

    [Theory]
    [InlineData("30000000", null, 30.0)]
    [InlineData("30000000", "42", 30.0)]
    [InlineData("30000000", "43", null)]
    [InlineData("30000000", "", null)]
    [InlineData(null, "42", null)]
    [InlineData("0", null, null)]
    [InlineData("-1", null, null)]
    [InlineData("soon", null, null)]
    [InlineData("9223372036854775807", null, null)]
    public void The_patience_of_the_watchdog_counts_for_the_process_that_it_names(
        string? microseconds,
        string? process,
        double? seconds
    ) => Assert.Equal(seconds, ServiceManager.ReadPatience(microseconds, process, 42)?.TotalSeconds);

    // CLOCK_BOOTTIME, which is CLOCK_MONOTONIC on a machine that has not slept.
    private static double Uptime() =>
        double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
}
