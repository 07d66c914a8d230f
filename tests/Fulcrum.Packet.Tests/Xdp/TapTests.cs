using System.Globalization;
using System.Net;
using System.Text;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Forwarding.Xdp.Tapping;
using Fulcrum.Packet.Tests.Kit;
using Fulcrum.TestKit;

namespace Fulcrum.Packet.Tests.Xdp;

/// <summary>Packets that somebody looks at are in a file as they came and as they left, with the reason.</summary>
public abstract class TapTests : IDisposable
{
    private readonly Lab _lab;
    private readonly PacketTap _tap;

    protected TapTests(Hook hook)
    {
        _lab = new(hook);
        _tap = new(_lab.Program, TimeProvider.System);
        _lab.Vip(4, Family.Four, VipFlags.None, 1);
        _lab.Vip(6, Family.Six, VipFlags.None, 2);
        _lab.Backend(1, BackendForwarding.FullNat, Family.Four, entry => entry with { Port = TablePort.Of(8080) });
        _lab.Backend(2, BackendForwarding.IpInIp, Family.Four);
    }

    public void Dispose()
    {
        _tap.Dispose();
        _lab.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Tcpdump_reads_the_same_bytes()
    {
        Require.Tool("tcpdump");
        using var folder = new TemporaryDirectory();
        var path = folder.PathOf("packets.pcapng");
        var before = TimeProvider.System.GetUtcNow();
        List<byte[]> expected = [];
        TapResult result;
        await using (var file = File.Create(path))
        {
            var running = _tap.RunAsync(new() { SnapLength = 2048, MostPackets = 8 }, file, NameOf, default);
            await StartedAsync();
            var sent = Lab.Incoming(Wire.TcpPacket(Client(1), Family.Four.At(), Wire.Syn));
            var nat = _lab.Send(sent).Frame;
            var answer = Answer(nat);
            var answered = _lab.Send(answer).Frame;
            var longer = Lab.Incoming(Wire.UdpPacket(Family.Six.Client(5), Family.Six.At(), new byte[1000]));
            var tunnel = _lab.Send(longer).Frame;
            var other = Lab.Incoming(Wire.UdpPacket(Client(7), new(Family.Four.Backend(9), 9), new byte[20]));
            Assert.Equal(Reason.PassedNotVip, _lab.Send(other).Reason);
            byte[] arp = [.. Lab.Incoming([0x45])[..12], 8, 6, .. new byte[28]];
            Assert.Equal(Reason.PassedNotIP, _lab.Send(arp).Reason);
            expected = [sent, nat, answer, answered, longer, tunnel, other, arp];
            result = await Wait.For(running, "eight packets");
        }

        Assert.Equal((8, 0UL, TapEnd.Packets), (result.Packets, result.Lost, result.End));
        Assert.Equal(new FileInfo(path).Length, result.Bytes);
        var shown = Tool.Run("tcpdump", "-r", path, "-n", "-xx", "-tt");
        Assert.Equal(expected.Select(Convert.ToHexString), HexIn(shown));
        Assert.All(
            TimesIn(shown),
            time => Assert.InRange(time, before.AddSeconds(-2), TimeProvider.System.GetUtcNow().AddSeconds(2))
        );
        var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path));
        string[] comments =
        [
            "SentNat: as it came",
            "SentNat: as it left",
            "SentAnswer: as it came",
            "SentAnswer: as it left",
            "SentTunnel: as it came",
            "SentTunnel: as it left",
            "PassedNotVip: as it came",
            "PassedNotIP: as it came",
        ];
        var at = 0;
        foreach (var comment in comments)
        {
            at = text.IndexOf(comment, at, StringComparison.Ordinal);
            Assert.True(at > 0, $"no '{comment}' in its place");
        }
    }

    [Fact]
    public async Task Only_what_is_asked_for_is_there()
    {
        var client = IPNetwork.Parse("198.51.100.8/31");
        (string What, TapOptions Options, int Count)[] questions =
        [
            ("all", new(), 10),
            ("as it came", new() { Directions = TapDirections.Came }, 6),
            ("as it left", new() { Directions = TapDirections.Left }, 4),
            ("clients", new() { Client = client }, 4),
            ("a vip", new() { Vip = new(Family.Four.Vip, 32) }, 6),
            ("another vip", new() { Vip = IPNetwork.Parse("2001:db8::/64") }, 2),
            ("a port", new() { Port = Family.VipPort }, 8),
            ("another port", new() { Port = 81 }, 0),
            ("a protocol", new() { Protocol = Wire.Udp }, 3),
            ("a reason", new() { Reasons = [Reason.SentAnswer] }, 2),
            ("reasons", new() { Reasons = [Reason.PassedNotVip, Reason.SentTunnel] }, 3),
        ];
        foreach (var (what, options, count) in questions)
        {
            using var file = new MemoryStream();
            using var enough = new CancellationTokenSource();
            var running = _tap.RunAsync(options, file, NameOf, enough.Token);
            await StartedAsync();
            // Two clients of one vip, the answer to one of them, one of the other vip, one of none, and what is not IP.
            var nat = _lab.Send(Lab.Incoming(Wire.TcpPacket(Client(9), Family.Four.At(), Wire.Syn))).Frame;
            _lab.Send(Answer(nat));
            _lab.Send(Lab.Incoming(Wire.TcpPacket(Client(10), Family.Four.At(), Wire.Syn)));
            _lab.Send(Lab.Incoming(Wire.UdpPacket(Family.Six.Client(5), Family.Six.At(), new byte[10])));
            _lab.Send(Lab.Incoming(Wire.UdpPacket(Client(10), new(Family.Four.Backend(9), 9), new byte[20])));
            _lab.Send([.. Lab.Incoming([0x45])[..12], 8, 6, .. new byte[28]]);
            await enough.CancelAsync();
            var result = await Wait.For(running, "the end of the look");
            Assert.True(count == result.Packets, $"{what}: {result}");
            Assert.Equal(TapEnd.Cancelled, result.End);
        }
    }

    [Fact]
    public async Task What_is_kept_of_a_packet_and_of_all_has_a_bound()
    {
        var frame = Lab.Incoming(Wire.UdpPacket(Family.Six.Client(5), Family.Six.At(), new byte[1000]));
        using var file = new MemoryStream();
        var options = new TapOptions
        {
            SnapLength = 40,
            Directions = TapDirections.Came,
            MostBytes = 1000,
        };
        var running = _tap.RunAsync(options, file, NameOf, default);
        await StartedAsync();
        for (var i = 0; i < 30; i++)
        {
            _lab.Send(frame);
        }

        var result = await Wait.For(running, "the bound in bytes");
        Assert.Equal(TapEnd.Bytes, result.End);
        Assert.InRange(result.Bytes, 1000, 1200);
        Assert.InRange(result.Packets, 5, 10);
        // As much as was asked for, and how long it was.
        var head = new byte[8];
        BitConverter.TryWriteBytes(head, 40);
        BitConverter.TryWriteBytes(head.AsSpan(4), frame.Length);
        Assert.True(file.ToArray().AsSpan().IndexOf((byte[])[.. head, .. frame[..40]]) > 0);

        var time = await Wait.For(
            _tap.RunAsync(new() { MostTime = TimeSpan.Zero }, new MemoryStream(), NameOf, default),
            "the bound in time"
        );
        Assert.Equal((0, TapEnd.Time), (time.Packets, time.End));
    }

    [Fact]
    public async Task What_nobody_reads_in_time_is_counted()
    {
        const int Sent = 400;
        using var file = new BlockedStream();
        using var enough = new CancellationTokenSource();
        var options = new TapOptions { SnapLength = 2048, Directions = TapDirections.Came };
        var running = _tap.RunAsync(options, file, NameOf, enough.Token);
        await StartedAsync();
        for (var i = 0; i < Sent; i++)
        {
            _lab.Send(Lab.Incoming(Wire.UdpPacket(Family.Six.Client(5), Family.Six.At(), new byte[1300])));
        }

        await enough.CancelAsync();
        file.Release();
        var result = await Wait.For(running, "the end of the look");
        Assert.InRange(result.Lost, 1UL, (ulong)Sent - 1);
        Assert.Equal((ulong)Sent, (ulong)result.Packets + result.Lost);
    }

    [Fact]
    public async Task Another_process_finds_it_by_the_names_of_its_tables()
    {
        using var folder = new TemporaryDirectory();
        Linux.Bpf.BpfFileSystem.Mount(folder.FullName);
        try
        {
            var pins = Forwarding.Xdp.Pinning.PinFolder.Of(folder.FullName, "/state", "xdp");
            Assert.Null(PacketTap.Open(pins, TimeProvider.System));
            Assert.Null(pins.Make());
            _lab.Program.Pin(pins);
            using var tap = PacketTap.Open(pins, TimeProvider.System)!;
            var running = tap.RunAsync(new() { MostPackets = 2 }, new MemoryStream(), NameOf, default);
            await StartedAsync();
            _lab.Send(Lab.Incoming(Wire.TcpPacket(Client(1), Family.Four.At(), Wire.Syn)));
            Assert.Equal(2, (await Wait.For(running, "two packets")).Packets);
        }
        finally
        {
            Tool.Run("umount", "-l", folder.FullName);
        }
    }

    [Fact]
    public async Task Nothing_is_looked_at_before_and_after()
    {
        var frame = Lab.Incoming(Wire.TcpPacket(Client(1), Family.Four.At(), Wire.Syn));
        using var ring = new Linux.Bpf.Maps.BpfRing(_lab.Program.Map("tap_ring"));
        _lab.Send(frame);
        Assert.Equal(0, ring.Read(_ => { }));
        _tap.Start(new());
        _lab.Send(frame);
        Assert.Equal(2, ring.Read(_ => { }));
        _tap.Stop();
        _lab.Send(frame);
        Assert.Equal(0, ring.Read(_ => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => _tap.Start(new() { SnapLength = 2049 }));

        using var without = new Lab(_lab.Hook, new() { HasTap = false });
        using var tap = new PacketTap(without.Program, TimeProvider.System);
        using var enough = new CancellationTokenSource();
        var running = tap.RunAsync(new(), new MemoryStream(), NameOf, enough.Token);
        without.Send(frame);
        await enough.CancelAsync();
        Assert.Equal(0, (await Wait.For(running, "the end of the look")).Packets);
    }

    private static string NameOf(int link) => $"if{link}";

    private static IPEndPoint Client(int number) => Family.Four.Client(40_000, number);

    // The backend's answer to what full NAT made of a client's packet.
    private static byte[] Answer(byte[] nat)
    {
        var port = (nat[34] << 8) | nat[35];
        return Lab.From(
            1,
            Wire.TcpPacket(new(Family.Four.Backend(1), 8080), new(Family.Four.Ours, port), Wire.Syn | Wire.Ack)
        );
    }

    private Task StartedAsync() =>
        Wait.Until(
            () =>
            {
                using var filter = new Linux.Bpf.Maps.BpfMap<uint, TapEntry>(_lab.Program.Map("taps"));
                return filter.TryGet(0, out TapEntry entry) && entry.Directions != TapDirections.None;
            },
            "the look to begin"
        );

    private static IEnumerable<string> HexIn(string shown)
    {
        var bytes = "";
        foreach (var line in shown.Split('\n').Append(""))
        {
            if (line.StartsWith("\t0x", StringComparison.Ordinal))
            {
                bytes += line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]
                    .Replace(" ", "", StringComparison.Ordinal);
            }
            else if (bytes.Length > 0)
            {
                yield return bytes.ToUpperInvariant();
                bytes = "";
            }
        }
    }

    private static IEnumerable<DateTimeOffset> TimesIn(string shown) =>
        shown
            .Split('\n')
            .Where(line => line.Length > 0 && char.IsAsciiDigit(line[0]))
            .Select(line =>
                DateTimeOffset.UnixEpoch.AddSeconds(double.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture))
            );

    /// <summary>Takes the beginning of the file, and the first packet only when it may.</summary>
    private sealed class BlockedStream : MemoryStream
    {
        private readonly ManualResetEventSlim _released = new();
        private int _writes;

        public void Release() => _released.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (_writes++ == 1)
            {
                Assert.True(_released.Wait(Wait.DefaultTimeout), "never released");
            }

            base.Write(buffer);
        }
    }
}

public sealed class TapTestsAtDriver() : TapTests(Hook.Driver);

public sealed class TapTestsAtTrafficControl() : TapTests(Hook.TrafficControl);
