using System.Globalization;
using System.Net;

namespace Fulcrum.Bench.Traffic;

/// <summary>
/// Relays datagrams by as few system calls as sockets allow, and does nothing else: no limits, no time-outs, no counters,
/// no choice. What it reaches no proxy over sockets can do better on the machine, which tells how much of a proxy's time
/// is the kernel's.
/// </summary>
internal sealed unsafe class BareRelay : IDisposable
{
    private const int BatchSize = 32;
    private const int MostEvents = 256;
    private const int MostDescriptors = 65_536;
    private const int LongestDatagram = 2048;

    private readonly MessageBatch _requests = new(BatchSize, LongestDatagram);
    private readonly MessageBatch _replies = new(BatchSize, LongestDatagram);
    private readonly Dictionary<ulong, int> _sessions = [];
    private readonly Address[] _clients = new Address[MostDescriptors];
    private readonly int _epoll = Native.Checked(Native.EpollCreate(0), "epoll_create1");
    private readonly int _listener;
    private readonly Address _backend;
    private int _filled;

    private BareRelay(Address listen, Address backend)
    {
        _backend = backend;
        _listener = Native.BoundDatagramSocket(listen);
        Watch(_listener);
    }

    /// <param name="file">Holds the two addresses, and how many threads there are to be, in its last line.</param>
    public static int Run(string file)
    {
        var words = File.ReadAllLines(file)[^1].Split(' ');
        var (listen, backend) = (Parse(words[0]), Parse(words[1]));
        var threads = new Thread[int.Parse(words[2], CultureInfo.InvariantCulture)];
        for (var i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(() =>
            {
                using var relay = new BareRelay(listen, backend);
                relay.Work();
            });
            threads[i].Start();
        }

        // Whether it is there is asked over TCP, as of all others.
        _ = Native.Listen(listen);
        Array.ForEach(threads, thread => thread.Join());
        return 0;
    }

    public void Dispose()
    {
        _requests.Dispose();
        _replies.Dispose();
    }

    private static Address Parse(string text)
    {
        var endpoint = IPEndPoint.Parse(text);
        return new Address(Address.HostOf(endpoint.Address), (ushort)endpoint.Port);
    }

    private void Work()
    {
        var events = stackalloc EpollEvent[MostEvents];
        while (true)
        {
            var count = Native.EpollWait(_epoll, events, MostEvents, -1);
            for (var i = 0; i < count; i++)
            {
                var fd = (int)events[i].Data;
                if (fd == _listener)
                {
                    TakeRequests();
                }
                else
                {
                    TakeReplies(fd);
                }
            }

            Flush();
        }
    }

    private void TakeRequests()
    {
        int count;
        do
        {
            count = _requests.Receive(_listener);
            for (var message = 0; message < count; message++)
            {
                _ = Native.Send(
                    SessionOf(_requests.NameOf(message)),
                    _requests.BytesOf(message),
                    _requests.LengthOf(message),
                    0
                );
            }
        } while (count == BatchSize);
    }

    private void TakeReplies(int fd)
    {
        while (true)
        {
            if (_filled == BatchSize)
            {
                Flush();
            }

            var length = (int)Native.Receive(fd, _replies.BytesOf(_filled), LongestDatagram, 0);
            if (length < 0)
            {
                return;
            }

            _replies.Prepare(_filled++, _clients[fd], length);
        }
    }

    private void Flush()
    {
        _replies.Send(_listener, _filled);
        _filled = 0;
    }

    private int SessionOf(in Address client)
    {
        var key = ((ulong)client.Host << 16) | client.Port;
        if (!_sessions.TryGetValue(key, out var fd))
        {
            fd = Native.ConnectedDatagramSocket(_backend);
            _sessions.Add(key, fd);
            _clients[fd] = client;
            Watch(fd);
        }

        return fd;
    }

    private void Watch(int fd)
    {
        var change = new EpollEvent { Events = Native.In | Native.EdgeTriggered, Data = (uint)fd };
        Native.Checked(Native.EpollControl(_epoll, Native.Add, fd, &change), "epoll_ctl");
    }
}
