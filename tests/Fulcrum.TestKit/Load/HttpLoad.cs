using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.TestKit.Load;

/// <summary>
/// HTTP/1.1 GET requests over many connections. Every request ends as a success under the label of the backend
/// that answered (its header <c>X-Backend</c>, or else the body), or as a failure of an exact kind.
/// </summary>
public sealed class HttpLoad : LoadRun
{
    private readonly NetworkNamespace? _home;
    private readonly HttpLoadOptions _options;
    private readonly byte[] _keepAlive;
    private readonly byte[] _close;

    private HttpLoad(NetworkNamespace? home, HttpLoadOptions options)
    {
        _home = home;
        _options = options;
        var request = $"GET {options.Path} HTTP/1.1\r\nHost: {options.Host}\r\n";
        _keepAlive = Encoding.ASCII.GetBytes($"{request}\r\n");
        _close = Encoding.ASCII.GetBytes($"{request}Connection: close\r\n\r\n");
    }

    /// <summary>Starts the clients in a namespace (null: where the test runs).</summary>
    public static HttpLoad Start(NetworkNamespace? home, HttpLoadOptions options)
    {
        var load = new HttpLoad(home, options);
        load.Start(options.Connections, load.Client);
        return load;
    }

    private async Task Client(int number, CancellationToken stopping)
    {
        var left = _options.RequestsPerClient ?? long.MaxValue;
        while (left > 0 && !stopping.IsCancellationRequested)
        {
            using var socket = Open();
            if (await Connect(socket) is { } failure)
            {
                Report.Add(failure, 0);
                left--;
                // A refused connection costs nothing; without a breath the client would count refusals by the million.
                await Wait.Pace(TimeSpan.FromMilliseconds(Math.Max(5, _options.Interval.TotalMilliseconds)), stopping);
                continue;
            }

            var most = (int)Math.Min(left, _options.RequestsPerConnection);
            left -= await Converse(socket, most, stopping);
        }
    }

    /// <summary>Asks on one connection until it has done its requests, it failed, or the run is stopped.</summary>
    private async Task<int> Converse(Socket socket, int most, CancellationToken stopping)
    {
        var buffer = new byte[16 * 1024];
        for (var done = 0; done < most; done++)
        {
            if (stopping.IsCancellationRequested)
            {
                return done;
            }

            var last = done + 1 == _options.RequestsPerConnection;
            using var bound = new CancellationTokenSource(_options.Timeout, TimeProvider.System);
            var exchange = await HttpExchange.Perform(socket, last ? _close : _keepAlive, buffer, bound.Token);
            if (exchange.Failure is { } failure)
            {
                Report.Add(failure, done);
            }
            else
            {
                Report.Succeeded(exchange.Label);
            }

            await Wait.Pace(_options.Interval, stopping);
            if (!exchange.Reusable)
            {
                return done + 1;
            }
        }

        return most;
    }

    private Socket Open()
    {
        var family = _options.Target.AddressFamily;
        var socket =
            _home?.OpenSocket(family, SocketType.Stream, ProtocolType.Tcp)
            ?? new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        if (_options.Source is { } source)
        {
            socket.Bind(new IPEndPoint(source, 0));
        }

        return socket;
    }

    private async Task<Failure?> Connect(Socket socket)
    {
        using var bound = new CancellationTokenSource(_options.Timeout, TimeProvider.System);
        try
        {
            await socket.ConnectAsync(_options.Target, bound.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return new Failure(FailureKind.ConnectTimedOut, $"after {_options.Timeout.TotalSeconds} s");
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut)
        {
            return new Failure(FailureKind.ConnectTimedOut, "the kernel gave up");
        }
        // A SYN that is answered with RST is "refused": this one stood, and was reset before we looked.
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return new Failure(FailureKind.ResetBeforeResponse, "before anything was sent");
        }
        catch (SocketException e)
        {
            return new Failure(FailureKind.ConnectFailed, e.SocketErrorCode.ToString());
        }
    }
}
