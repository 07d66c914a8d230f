using System.Net;
using System.Net.Sockets;

namespace Fulcrum.EndToEnd.Tests.Securing;

/// <summary>
/// Clients from many addresses who connect, say one word and nothing more. Who is turned away comes again at once, so
/// that as many stand there at all times.
/// </summary>
internal sealed class SilentCrowd : IAsyncDisposable
{
    /// <summary>Of the ports for clients that a kernel has by default, one address can use some 28,000.</summary>
    private const int Addresses = 200;

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _connecting = new(64);
    private readonly IPEndPoint _target;
    private readonly Task _all;

    // Nobody looks at what all of them are answered.
    private readonly byte[] _answer = new byte[16 * 1024];
    private int _come;
    private int _words;

    private SilentCrowd(IPEndPoint target, int count, Func<int, byte[]> word)
    {
        _target = target;
        _all = Task.WhenAll(Enumerable.Range(0, count).Select(number => StandAsync(number, word(number))));
    }

    /// <summary>How many have said their word at least once.</summary>
    public int Come => Volatile.Read(ref _come);

    /// <summary>How often one of them has said its word.</summary>
    public int Words => Volatile.Read(ref _words);

    public static SilentCrowd Start(IPEndPoint target, int count, Func<int, byte[]> word) => new(target, count, word);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _all;
        _stop.Dispose();
        _connecting.Dispose();
    }

    private async Task StandAsync(int number, byte[] word)
    {
        await Task.Yield();
        var hasCome = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var socket = await ConnectAsync(number);
                _ = await socket.SendAsync(word, _stop.Token);
                Interlocked.Increment(ref _words);
                if (!hasCome)
                {
                    hasCome = true;
                    Interlocked.Increment(ref _come);
                }
                while (await socket.ReceiveAsync(_answer, _stop.Token) > 0) { }
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Turned away, or the end of the test.
            }
        }
    }

    private async Task<Socket> ConnectAsync(int number)
    {
        await _connecting.WaitAsync(_stop.Token);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(new IPAddress([127, 0, 1, (byte)(1 + (number % Addresses))]), 0));
            await socket.ConnectAsync(_target, _stop.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        finally
        {
            _connecting.Release();
        }
    }
}
