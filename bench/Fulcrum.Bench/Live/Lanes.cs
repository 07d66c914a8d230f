using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using Fulcrum.Bench.Packets;
using Fulcrum.Forwarding.Xdp;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Linux.Bpf.Links;
using Fulcrum.Model;

namespace Fulcrum.Bench.Live;

/// <summary>
/// All lanes, side by side: each has a vip with one backend. One balancer with all of its features has the tables for those
/// that it carries. Datagrams have no checksum (0 in IPv4 is none): the kernel would have to sum up each before it believes
/// that there is a connection, which an interface of hardware does for it.
/// </summary>
internal sealed class Lanes : IDisposable
{
    private const int Port = 80;
    private const int Slots = 65_537;
    private const int Ipv4 = 14;
    private const int Ipv4Length = 20;
    private const int UdpChecksum = 40;

    private static readonly IPAddress Backend = IPAddress.Parse("192.0.2.10");
    private static readonly TableHardware Node = new(2, 0, 0x0100);
    private static readonly TableHardware NodeBehind = new(2, 0, 0x0200);
    private static readonly TableHardware BackendHardware = new(2, 0, 0x0300);

    private readonly Track _track = new();
    private readonly Ends _ends = new();
    private readonly XdpProgram _program = new(new() { MostConnections = new XdpSettings().Connections });
    private readonly Dictionary<string, BpfLink> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Course> _courses = new(StringComparer.Ordinal);

    /// <summary>The calling thread is the one that sends.</summary>
    public Lanes()
    {
        try
        {
            AddNothing();
            foreach (var (number, lane) in Lane.All.Index())
            {
                Add(lane, (uint)number + 1);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Sends and counts without a lane between.</summary>
    public Passage SendNowhere(int frames) => _ends.Send(_courses[""], frames);

    public Passage Send(Lane lane, int frames) => _ends.Send(_courses[lane.Name], frames);

    /// <summary>The same while its program is replaced by one with other features, and back, over the same tables.</summary>
    /// <param name="lane">At the driver.</param>
    public Replaced SendWhileReplacing(Lane lane, int frames)
    {
        var options = _program.Options with { HasTap = false, HasPrefixes = false, HasVlans = false };
        using var other = _program.Load(BalancerObject.Read(BalancerObject.AtDriver, options), _program.Program.Name);
        using var replacing = new Replacing(_links[lane.Name], _program.Program, other);
        var passage = Send(lane, frames);
        return new(lane, replacing.Times, frames, (long)Math.Round(passage.Delivered * frames));
    }

    public void Dispose()
    {
        foreach (var link in _links.Values)
        {
            link.Dispose();
        }

        _program.Dispose();
        _ends.Dispose();
        _track.Dispose();
    }

    private void AddNothing()
    {
        var (start, end) = _track.AddDirect();
        _ends.Receive(end);
        _courses[""] = CourseOf(start, Backend, Node, Backend);
    }

    private void Add(Lane lane, uint number)
    {
        var vip = lane.Carrier == Carrier.Kernel ? Backend : IPAddress.Parse($"203.0.113.{number}");
        var (start, end) = _track.AddLane(Text(Node), () => Prepare(lane, number, vip));
        _ends.Receive(end);
        var isAddressKept = lane.Forwarding == BackendForwarding.Direct || lane.Carrier == Carrier.Redirect;
        _courses[lane.Name] = CourseOf(start, vip, BackendHardware, isAddressKept ? vip : Backend);
    }

    /// <summary>In the lane's namespace.</summary>
    private void Prepare(Lane lane, uint number, IPAddress vip)
    {
        if (lane.Carrier is Carrier.Driver or Carrier.TrafficControl)
        {
            SetTables(lane.Forwarding, number, vip);
        }
        else
        {
            Route();
        }

        if (lane.Carrier == Carrier.Redirect)
        {
            _links.Add(lane.Name, BpfLink.AttachXdp(_ends.Passing, Track.In, XdpMode.Driver));
            return;
        }

        if (lane.Carrier == Carrier.Driver)
        {
            _links.Add(lane.Name, BpfLink.AttachXdp(_program.Program, Track.In, XdpMode.Driver));
            return;
        }

        // Else such a card has no queue for frames that are redirected to it.
        Track.Run("ethtool", "-K in gro on");
        if (lane.Carrier == Carrier.TrafficControl)
        {
            _links.Add(lane.Name, BpfLink.AttachTcx(_program.TcProgram, Track.In, isEgress: false));
        }
        else if (lane.Carrier == Carrier.Nft)
        {
            Track.Run(
                "nft",
                "add table ip nat; "
                    + "add chain ip nat prerouting { type nat hook prerouting priority -100; }; "
                    + $"add rule ip nat prerouting ip daddr {vip} udp dport {Port} dnat to {Backend}"
            );
        }
    }

    private static void Route()
    {
        File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1");
        foreach (var which in (string[])["all", "in", "out"])
        {
            File.WriteAllText($"/proc/sys/net/ipv4/conf/{which}/rp_filter", "0");
        }

        Track.Run("ip", $"route add {Backend} dev out");
        Track.Run("ip", $"neighbor add {Backend} lladdr {Text(BackendHardware)} dev out nud permanent");
    }

    private void SetTables(BackendForwarding forwarding, uint number, IPAddress vip)
    {
        _program.Backends.Set(
            number,
            new BackendEntry
            {
                Address = TableAddress.Of(Backend),
                Source = TableAddress.Of(IPAddress.Parse("192.0.2.254")),
                Interface = Track.Out,
                Hardware = BackendHardware,
                SourceHardware = NodeBehind,
                Mtu = 1500,
                Forwarding = forwarding,
                Flags = BackendFlags.Up,
            }
        );
        var ring = new uint[Slots];
        Array.Fill(ring, number);
        _program.SetRing(number, ring);
        _program.Vips.Set(
            new VipKey(TableAddress.Of(vip), TablePort.Of(Port), Frames.Udp),
            new VipEntry(number, VipFlags.None, Slots)
        );
    }

    /// <param name="start">Where frames are sent.</param>
    /// <param name="to">Whom the client means.</param>
    /// <param name="hardware">What it has in the end, with the address.</param>
    /// <param name="destination">The address.</param>
    private static Course CourseOf(int start, IPAddress to, TableHardware hardware, IPAddress destination)
    {
        // The generator counts clients in the lower half of the address.
        var frame = Frames.Of(new(IPAddress.Parse("198.18.0.0"), 1000), new(to, Port), Frames.Udp);
        MemoryMarshal.Write(frame, Node);
        frame.AsSpan(UdpChecksum, sizeof(ushort)).Clear();
        WriteChecksum(frame.AsSpan(Ipv4, Ipv4Length));
        var course = new Course
        {
            Hardware = HardwareWord(hardware),
            Destination = MemoryMarshal.Read<uint>(destination.GetAddressBytes()),
            Interface = start,
        };
        frame.CopyTo(MemoryMarshal.AsBytes((Span<ulong>)course.Frame));
        return course;
    }

    /// <summary>RFC 1071, of a header whose checksum is 0.</summary>
    private static void WriteChecksum(Span<byte> header)
    {
        var sum = 0;
        for (var i = 0; i < header.Length; i += sizeof(ushort))
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
        }

        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)~((sum & 0xffff) + (sum >> 16)));
    }

    private static ulong HardwareWord(TableHardware hardware)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        word.Clear();
        MemoryMarshal.Write(word, hardware);
        return MemoryMarshal.Read<ulong>(word);
    }

    private static string Text(TableHardware hardware)
    {
        Span<byte> bytes = stackalloc byte[6];
        MemoryMarshal.Write(bytes, hardware);
        return string.Join(':', Convert.ToHexStringLower(bytes).Chunk(2).Select(pair => new string(pair)));
    }
}
