using System.Net;
using System.Net.Sockets;
using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench.Proxies;

/// <summary>A proxy under test: a process on a core of its own, with one listener for each of the two backends.</summary>
internal sealed class Contender : IDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(20);

    private readonly MeasuredProcess _process;

    private Contender(MeasuredProcess process, ushort keepPort, ushort closePort)
    {
        KeepPort = keepPort;
        ClosePort = closePort;
        _process = process;
    }

    public string Name => _process.Name;

    public ushort KeepPort { get; }

    public ushort ClosePort { get; }

    public TimeSpan Cpu => _process.Cpu;

    /// <summary>
    /// Starts a proxy and waits until both listeners accept. Its configuration finds the ports in
    /// <c>BENCH_KEEP_LISTEN</c>, <c>BENCH_CLOSE_LISTEN</c>, <c>BENCH_KEEP_BACKEND</c> and <c>BENCH_CLOSE_BACKEND</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">It ended, or did not listen in time; holds what it printed.</exception>
    public static Contender Start(Generator backends, Func<(string, ushort)[], MeasuredProcess> start)
    {
        var (keep, close) = (Ports.Unused(), Ports.Unused());
        var process = start([
            ("BENCH_KEEP_LISTEN", keep),
            ("BENCH_CLOSE_LISTEN", close),
            ("BENCH_KEEP_BACKEND", backends.KeepPort),
            ("BENCH_CLOSE_BACKEND", backends.ClosePort),
        ]);
        var contender = new Contender(process, keep, close);
        try
        {
            process.WaitUntil("listens", StartBound, () => Accepts(keep) && Accepts(close));
            return contender;
        }
        catch
        {
            contender.Dispose();
            throw;
        }
    }

    public void Dispose() => _process.Dispose();

    private static bool Accepts(ushort port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
