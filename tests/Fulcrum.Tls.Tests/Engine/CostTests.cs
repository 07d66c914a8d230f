using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fulcrum.Model.Tls;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Engine;
using Fulcrum.Tls.Tickets;

namespace Fulcrum.Tls.Tests.Engine;

/// <summary>What a connection costs.</summary>
[Collection(nameof(Alone))]
public sealed partial class CostTests
{
    private static readonly TlsServer Server = TlsServer.Create(
        new TlsServerSettings
        {
            Certificates = [Material.SelfSigned("a.example")],
            Tickets = new TicketKeys(TimeProvider.System),
        }
    );

    [Fact]
    public void A_record_allocates_nothing()
    {
        using var conversation = Material.Meet(Material.Client(), Server).Run();
        var (client, server) = (conversation.Client.Engine, conversation.Server.Engine);
        var text = new byte[40_000];
        var wire = new byte[TlsEngine.WireLength(text.Length)];
        var plain = new byte[wire.Length + TlsEngine.MaxBuffered];
        var reply = new byte[TlsEngine.UsualReply];
        long before = 0;
        for (var run = 0; run < 200; run++)
        {
            before = run == 100 ? GC.GetAllocatedBytesForCurrentThread() : before;
            var sent = client.Send(text, wire);
            var taken = server.Receive(wire.AsSpan(0, sent.Wire), plain, reply);
            if (taken.Plain != text.Length || server.AlpnList.Length != 0 || server.IsResumed)
            {
                Assert.Fail($"{taken} of {sent}");
            }
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>None of the buffers, of which each would be 16 KiB more.</summary>
    [Theory]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void A_connection_that_rests_keeps_no_buffers(TlsVersion version)
    {
        const int Connections = 500;
        var client = Versions.Only(version, Material.Client());
        var engines = new List<TlsEngine>();
        long before = 0;
        for (var number = 0; number < 2 * Connections; number++)
        {
            before = number == Connections ? NativeBytes() : before;
            var (one, other) = (client.Connect(), Server.Accept("a.example")!);
            engines.AddRange(one, other);
            Exchange(one, other);
        }
        var grown = NativeBytes() - before;
        engines.ForEach(engine => engine.Dispose());
        // A client and a server of some 14 KiB each.
        Assert.InRange(grown / Connections, 1, 36 * 1024);
    }

    [Fact]
    public void A_connection_leaves_nothing_behind()
    {
        const int Connections = 10_000;
        var client = Material.Client();
        Open(client, 2000);
        // What is left behind grows with every batch; what other threads take meanwhile does not.
        var grown = Enumerable
            .Range(0, 4)
            .Min(_ =>
            {
                var before = ResidentBytes();
                Open(client, Connections);
                return ResidentBytes() - before;
            });
        // Some hundred bytes each would be ten times as much.
        Assert.InRange(grown / Connections, long.MinValue, 200);
    }

    [Fact]
    public void A_context_that_nobody_has_any_more_goes_with_its_last_connection()
    {
        TlsEngine?[] last = [null];
        var state = Connect(last);
        Collect();
        Assert.True(state.IsAlive, "the connection needs what its context holds");
        End(last);
        Collect();
        Assert.False(state.IsAlive);
    }

    // Each in a method of its own, so that no place on the stack holds what has to go.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Connect(TlsEngine?[] place)
    {
        var client = Material.Client();
        place[0] = client.Connect();
        return new(client.Sessions);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void End(TlsEngine?[] place)
    {
        Assert.Equal(TlsOutcome.Continue, place[0]!.Receive([], [], new byte[TlsEngine.UsualReply]).Outcome);
        place[0]!.Dispose();
        place[0] = null;
    }

    private static void Collect()
    {
        for (var round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static void Open(TlsClient client, int count)
    {
        var plain = new byte[TlsEngine.MaxBuffered * 2];
        byte[][] replies = [new byte[TlsEngine.UsualReply], new byte[TlsEngine.UsualReply]];
        for (var at = 0; at < count; at++)
        {
            // Every tenth is left as it has begun; the others resume.
            using var one = client.Connect();
            using var other = Server.Accept("a.example")!;
            var hello = one.Receive([], plain, replies[0]);
            if (at % 10 == 0)
            {
                other.Receive(replies[0].AsSpan(0, hello.Wire / 2), plain, replies[1]);
                continue;
            }
            Exchange(one, other, replies[0].AsSpan(0, hello.Wire).ToArray());
        }
    }

    /// <summary>A handshake, and a word of both.</summary>
    private static void Exchange(TlsEngine client, TlsEngine server, byte[]? hello = null)
    {
        var plain = new byte[TlsEngine.MaxBuffered * 2];
        byte[][] replies = [new byte[TlsEngine.UsualReply * 2], new byte[TlsEngine.UsualReply * 2]];
        var said = hello?.Length ?? client.Receive([], plain, replies[0]).Wire;
        hello?.CopyTo(replies[0], 0);
        for (var turn = 0; turn < 2; turn++)
        {
            var heard = server.Receive(replies[0].AsSpan(0, said), plain, replies[1]);
            said = client.Receive(replies[1].AsSpan(0, heard.Wire), plain, replies[0]).Wire;
        }
        said = client.Send("question"u8, replies[0]).Wire;
        Assert.Equal("question".Length, server.Receive(replies[0].AsSpan(0, said), plain, replies[1]).Plain);
        said = server.Send("answer"u8, replies[1]).Wire;
        Assert.Equal("answer".Length, client.Receive(replies[1].AsSpan(0, said), plain, replies[0]).Plain);
    }

    private static long NativeBytes() => (long)HeapInformation().Used;

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial Heap HeapInformation();

    private static long ResidentBytes()
    {
        Collect();
        var pages = File.ReadAllText("/proc/self/statm").Split(' ')[1];
        return long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }

    /// <summary>Ten words, of which the eighth is what was asked for and not given back.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Heap
    {
        private readonly HeadOfHeap _head;
        public readonly nuint Used;
        private readonly nuint _free;
        private readonly nuint _top;
    }

    [InlineArray(7)]
    private struct HeadOfHeap
    {
        private nuint _word;
    }
}
