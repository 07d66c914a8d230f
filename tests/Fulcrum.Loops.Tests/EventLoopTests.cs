using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops.Sockets;
using Fulcrum.TestKit;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Loops.Tests;

public sealed class EventLoopTests
{
    [Fact]
    public async Task Messages_of_many_threads_run_on_the_loop_in_order()
    {
        const int Threads = 4;
        const int Messages = 10_000;
        using var loop = new EventLoop("test", new LoopOptions(), TimeProvider.System);
        var last = new int[Threads];
        await Task.WhenAll(
            Enumerable
                .Range(0, Threads)
                .Select(thread =>
                    Task.Run(() =>
                    {
                        for (var number = 1; number <= Messages; number++)
                        {
                            var mine = number;
                            loop.Post(_ => last[thread] = last[thread] == mine - 1 && loop.IsCurrent ? mine : -1, null);
                        }
                    })
                )
        );
        await Wait.For(loop.InvokeAsync(() => { }), "the mailbox to be empty");
        Assert.All(last, number => Assert.Equal(Messages, number));
        Assert.Equal((Threads * Messages) + 1, loop.Counters.Messages);
    }

    [Fact]
    public async Task What_an_invoked_function_throws_comes_back_and_the_loop_lives()
    {
        using var loop = new EventLoop("test", new LoopOptions(), TimeProvider.System);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            loop.InvokeAsync<int>(() => throw new InvalidOperationException())
        );
        loop.Post(_ => throw new InvalidOperationException(), null);
        Assert.Equal(7, await Wait.For(loop.InvokeAsync(() => 7), "the loop"));
        Assert.Equal(1, loop.Counters.Faults);
    }

    [Fact]
    public async Task Timers_follow_the_given_clock()
    {
        var time = new ManualTimeProvider();
        using var loop = new EventLoop("test", new LoopOptions(), time);
        var alarm = new Alarm();
        await loop.InvokeAsync(() => loop.Reactor.SetTimer(alarm, 1_000_000));
        time.Advance(TimeSpan.FromMilliseconds(999_999));
        // The third message comes after the timers of a turn that saw the new time.
        for (var message = 0; message < 3; message++)
        {
            await Wait.For(loop.InvokeAsync(() => { }), "the loop");
        }
        Assert.Equal(0, alarm.Fired);
        // The loop armed its alarm before it answered or sees this when it does.
        time.Advance(TimeSpan.FromMilliseconds(1));
        time.Advance(TimeSpan.Zero);
        await Wait.Until(() => alarm.Fired == 1, "the timer");
    }

    [Fact]
    public async Task The_systems_clock_wakes_the_loop_without_a_timer_of_the_runtime()
    {
        using var loop = new EventLoop("test", new LoopOptions(), TimeProvider.System);
        var alarm = new Alarm();
        await loop.InvokeAsync(() => loop.Reactor.SetTimer(alarm, 20));
        await Wait.Until(() => alarm.Fired == 1, "the timer");
    }

    [Fact]
    public async Task Without_work_the_loop_sleeps()
    {
        using var loop = new EventLoop("test", new LoopOptions(), TimeProvider.System);
        await Wait.For(loop.InvokeAsync(() => { }), "the loop");
        var turns = await loop.InvokeAsync(() => loop.Counters.Turns);
        // Each question is one turn, perhaps two when it comes late in one; a loop that spins makes thousands.
        for (var question = 0; question < 10; question++)
        {
            await loop.InvokeAsync(() => { });
        }
        Assert.InRange(loop.Counters.Turns - turns, 1, 40);
    }

    [Fact]
    public async Task An_acceptor_that_closes_takes_in_what_waits()
    {
        using var loop = new EventLoop("test", new LoopOptions(), TimeProvider.System);
        var accepted = new ConcurrentQueue<int>();
        var (descriptor, target) = Bind();
        var acceptor = new Acceptor(loop, descriptor, (int socket, in SocketAddress _) => accepted.Enqueue(socket));
        // Connected while the loop is busy: they wait in the kernel's queue when the acceptor is told to close.
        var clients = new List<Socket>();
        await loop.InvokeAsync(() =>
        {
            acceptor.Start(64);
            for (var index = 0; index < 50; index++)
            {
                var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                client.Connect(target.ToIPEndPoint());
                clients.Add(client);
            }
            acceptor.Close();
        });
        Assert.Equal(50, accepted.Count);
        Assert.Equal(0, await loop.InvokeAsync(() => loop.Reactor.Sockets));
        clients.ForEach(client => client.Dispose());
        Assert.All(accepted, socket => SocketCalls.Close(socket));
    }

    [Fact]
    public async Task Without_descriptors_an_acceptor_pauses_and_loses_nobody()
    {
        Require.That(DescriptorLimit.Current.Soft <= 100_000, "needs a limit of at most 100,000 descriptors");
        var time = new ManualTimeProvider();
        using var loop = new EventLoop("test", new LoopOptions(), time);
        var accepted = new ConcurrentQueue<int>();
        var (descriptor, target) = Bind();
        var acceptor = new Acceptor(loop, descriptor, (int socket, in SocketAddress _) => accepted.Enqueue(socket));
        await loop.InvokeAsync(() => acceptor.Start(64));
        var client = SocketCalls.Open(SocketFamily.IPv4, SocketKind.Stream);
        // What waiting needs of the runtime is loaded while files can be opened.
        await Wait.Until(() => loop.Counters.AcceptPauses == 0, "the acceptor to be at work");
        var hoard = new List<int>();
        int one;
        while ((one = SocketCalls.Open(SocketFamily.IPv4, SocketKind.Datagram)) >= 0)
        {
            hoard.Add(one);
        }
        long turns;
        try
        {
            _ = SocketCalls.Connect(client, target);
            await Wait.Until(() => loop.Counters.AcceptPauses == 1, "the acceptor to pause");
            turns = loop.Counters.Turns;
        }
        finally
        {
            hoard.ForEach(socket => SocketCalls.Close(socket));
        }

        Assert.Equal(-(int)Errno.TooManyOpenFiles, one);
        await loop.InvokeAsync(() => { });
        Assert.Empty(accepted);
        Assert.InRange(loop.Counters.Turns - turns, 0, 10);
        time.Advance(TimeSpan.FromMilliseconds(100));
        await Wait.Until(() => accepted.Count == 1, "the connection to be accepted");
        await loop.InvokeAsync(acceptor.Close);
        _ = SocketCalls.Close(client);
        Assert.All(accepted, socket => SocketCalls.Close(socket));
    }

    [Fact]
    public async Task An_acceptor_that_may_not_listen_yet_tries_again()
    {
        var time = new ManualTimeProvider();
        using var loop = new EventLoop("test", new LoopOptions(), time);
        var accepted = new ConcurrentQueue<int>();
        // Another program's: bound to the same port while nobody listens, it is the first to listen.
        var (descriptor, target) = Bind();
        _ = SocketCalls.Close(descriptor);
        var foreign = SocketCalls.Open(SocketFamily.IPv4, SocketKind.Stream);
        Assert.Equal(0, SocketCalls.Set(foreign, SocketOption.ReuseAddress, 1));
        Assert.Equal(0, SocketCalls.Bind(foreign, target));
        descriptor = ListenerSocket.Open(target, SocketKind.Stream, new ListenOptions());
        Assert.Equal(0, SocketCalls.Listen(foreign, 1));

        var acceptor = new Acceptor(loop, descriptor, (int socket, in SocketAddress _) => accepted.Enqueue(socket));
        await loop.InvokeAsync(() => acceptor.Start(64));
        Assert.Equal(1, loop.Counters.AcceptPauses);
        _ = SocketCalls.Close(foreign);
        time.Advance(TimeSpan.FromMilliseconds(100));
        await Wait.Until(() => SocketCalls.Get(descriptor, new SocketOption(1, 30)) == 1, "the socket to listen");
        using (var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            await Wait.For(client.ConnectAsync(target.ToIPEndPoint()), "the connection");
            await Wait.Until(() => accepted.Count == 1, "the connection to be accepted");
        }
        await loop.InvokeAsync(acceptor.Close);
        Assert.Equal(0, await loop.InvokeAsync(() => loop.Reactor.Sockets));
        Assert.All(accepted, socket => SocketCalls.Close(socket));
    }

    [Fact]
    public void A_port_is_shared_between_loops_and_the_families_are_apart()
    {
        var (first, address) = Bind();
        var second = ListenerSocket.Open(address, SocketKind.Stream, new ListenOptions());
        var other = ListenerSocket.Open(
            SocketAddress.From(IPAddress.IPv6Any, address.Port),
            SocketKind.Stream,
            new ListenOptions()
        );
        foreach (var descriptor in new[] { first, second, other })
        {
            Assert.Equal(0, SocketCalls.Listen(descriptor, 1));
            Assert.Equal(1, SocketCalls.Get(descriptor, SocketOption.NoDelay));
            _ = SocketCalls.Close(descriptor);
        }
    }

    private static (int Descriptor, SocketAddress Target) Bind()
    {
        var descriptor = ListenerSocket.Open(
            SocketAddress.From(IPAddress.Loopback, 0),
            SocketKind.Stream,
            new ListenOptions()
        );
        _ = SocketCalls.LocalAddress(descriptor, out var target);
        return (descriptor, target);
    }

    private sealed class Alarm : LoopObject
    {
        private int _fired;

        public int Fired => Volatile.Read(ref _fired);

        protected internal override void OnEvents(int tag, EpollEvents events) { }

        protected internal override void OnTimer() => Volatile.Write(ref _fired, _fired + 1);

        protected internal override void OnFault(Exception fault) { }
    }
}
