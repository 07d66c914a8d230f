using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.EndToEnd.Tests.Securing;

/// <summary>
/// Clients who come again and again, in turn with TLS 1.2 and 1.3, and say a word that is echoed. Half of them go on with
/// what they had agreed upon before, where they may.
/// </summary>
internal sealed class HonestClients : IAsyncDisposable
{
    private const int Count = 16;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly SslProtocols[] Versions = [SslProtocols.Tls12, SslProtocols.Tls13];

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<double> _milliseconds = [];
    private readonly ConcurrentBag<Exception> _failures = [];
    private readonly ConcurrentDictionary<string, bool> _shown = [];
    private readonly IPEndPoint _target;
    private readonly X509ChainPolicy _policy;
    private readonly Task _all;

    public HonestClients(IPEndPoint target, TestAuthority authority)
    {
        _target = target;
        _policy = TlsDoor.PolicyOf(authority);
        _all = Task.WhenAll(Enumerable.Range(0, Count).Select(ComeAsync));
    }

    public int Served => _milliseconds.Count;

    public IReadOnlyCollection<Exception> Failures => _failures;

    /// <summary>The certificates that they were shown, by their thumbprints.</summary>
    public IEnumerable<string> Shown => _shown.Keys;

    public Task UntilServedAsync(int count) =>
        Wait.Until(
            () => Served >= count || !_failures.IsEmpty,
            $"{count} handshakes to be served",
            TimeSpan.FromMinutes(2)
        );

    public override string ToString()
    {
        var sorted = _milliseconds.Order().ToArray();
        return sorted.Length == 0
            ? "nobody was served"
            : $"{sorted.Length} served, the median in {sorted[sorted.Length / 2]:0} ms, the last in {sorted[^1]:0} ms; "
                + $"{_failures.Count} failed";
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _all;
        _stop.Dispose();
    }

    private async Task ComeAsync(int number)
    {
        await Task.Yield();
        for (var time = number; !_stop.IsCancellationRequested; time++)
        {
            try
            {
                var began = TimeProvider.System.GetTimestamp();
                await AskAsync(Versions[time % Versions.Length], resumes: number % 4 >= 2);
                _milliseconds.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            }
            catch (Exception failure)
                when (failure is IOException or SocketException or AuthenticationException or TimeoutException)
            {
                _failures.Add(failure);
            }
        }
    }

    private async Task AskAsync(SslProtocols version, bool resumes)
    {
        await using var tls = await TlsDoor.EnterAsync(_target, _policy, version, resumes).WaitAsync(Bound);
        _shown[tls.RemoteCertificate!.GetCertHashString()] = true;
        await tls.WriteAsync("word"u8.ToArray());
        await tls.ReadExactlyAsync(new byte[4]).AsTask().WaitAsync(Bound);
    }
}
