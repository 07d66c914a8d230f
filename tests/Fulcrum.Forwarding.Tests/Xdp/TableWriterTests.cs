using System.Net;
using Fulcrum.Forwarding.Xdp;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Forwarding.Xdp.Translating;
using Fulcrum.Forwarding.Xdp.Ways;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Forwarding.Tests.Xdp;

/// <summary>Only what differs is written, and what is not wanted goes.</summary>
public sealed class TableWriterTests : IDisposable
{
    private static readonly Way Reached = new() { Interface = 7, Mtu = 1500 };

    private readonly XdpProgram _program;

    public TableWriterTests()
    {
        Require.Root();
        _program = new(XdpOptions.Smallest with { MostVips = 64, MostBackends = 64 });
    }

    public void Dispose() => _program.Dispose();

    [Fact]
    public void The_same_content_costs_nothing_and_another_only_what_differs()
    {
        var writer = new TableWriter(_program);
        Write(writer, Content(Vip("80", 1), Vip("1000-1999", 1)));
        var first = writer.Writes;
        // Two backends, two rings, a vip, the prefixes of a range, one address.
        Assert.Equal(2 + 2 + 1 + RangeKey.Of(default, 6, 1000, 1999).Count() + 1, first);
        Write(writer, Content(Vip("80", 1), Vip("1000-1999", 1)));
        Assert.Equal(first, writer.Writes);

        // Another weight of the only one is the same ring.
        Write(writer, Content(Vip("80", 1), Vip("1000-1999", 0)));
        Assert.Equal(first + 1, writer.Writes);
        Write(writer, Content());
        Assert.Empty(_program.Vips.ToList());
        Assert.Empty(_program.Ranges.ToList());
        Assert.Empty(_program.Addresses());
    }

    [Fact]
    public void The_next_process_finds_what_is_there()
    {
        Write(new(_program), Content(Vip("80", 1)));
        var next = new TableWriter(_program);
        Write(next, Content(Vip("80", 1)));
        // What a ring holds cannot be asked for, so it is written.
        Assert.Equal(1, next.Writes);
        Write(next, Content());
        Assert.Empty(_program.Vips.ToList());
    }

    [Fact]
    public void Who_went_leaves_its_generation()
    {
        var writer = new TableWriter(_program);
        Write(writer, Content(Vip("80", 1)));
        Write(writer, Content());
        Assert.True(_program.Backends.TryGet(1, out var nobody));
        Assert.Equal(new BackendEntry { Generation = 9 }, nobody);
    }

    private static void Write(TableWriter writer, TableContent content)
    {
        writer.Write(content);
        writer.Prune(content);
    }

    private static TableContent Content(params WantedVip[] vips)
    {
        var content = new TableContent();
        for (var i = 0; i < vips.Length; i++)
        {
            var number = (uint)i + 1;
            ContentOf.Add(content, vips[i], number, _ => number, backend => ContentOf.Entry(backend, Reached, 9));
        }

        return content;
    }

    private static WantedVip Vip(string ports, int weight)
    {
        var ends = ports.Split('-').Select(int.Parse).ToList();
        return new()
        {
            Identity = ports,
            Service = "web",
            Upstream = "web",
            Address = IPAddress.Parse("192.0.2.1"),
            Protocol = 6,
            Ports = new PortRange(ends[0], ends[^1]),
            Backends =
            [
                new("one", "one", IPAddress.Parse("10.0.0.1"), 0, BackendForwarding.Direct, BackendFlags.Up, weight),
            ],
        };
    }
}
