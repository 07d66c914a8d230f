using System.Collections.Concurrent;
using System.Net;
using System.Security.Authentication;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.EndToEnd.Tests.Securing;

/// <summary>Clients who come once and then talk all the time, half of them with TLS 1.2.</summary>
internal sealed class LongSessions : IAsyncDisposable
{
    private const int Count = 8;
    private const int WordLength = 20_000;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Exception> _failures = [];
    private readonly long[] _exchanges = new long[Count];
    private readonly Task _all;

    public LongSessions(IPEndPoint target, TestAuthority authority) =>
        _all = Task.WhenAll(Enumerable.Range(0, Count).Select(number => TalkAsync(target, authority, number)));

    public IReadOnlyCollection<Exception> Failures => _failures;

    public long Exchanges => _exchanges.Sum();

    /// <summary>Waits until each of them has said something more, and heard it again.</summary>
    public Task UntilAllHaveTalkedAsync()
    {
        var before = _exchanges.ToArray();
        // What was under way may have begun earlier.
        return Wait.Until(
            () => !_failures.IsEmpty || _exchanges.Zip(before).All(pair => pair.First >= pair.Second + 2),
            "every long session to talk"
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _all;
        _stop.Dispose();
    }

    private async Task TalkAsync(IPEndPoint target, TestAuthority authority, int number)
    {
        await Task.Yield();
        try
        {
            var version = number % 2 == 0 ? SslProtocols.Tls12 : SslProtocols.Tls13;
            await using var tls = await TlsDoor
                .EnterAsync(target, TlsDoor.PolicyOf(authority), version, resumes: false)
                .WaitAsync(Bound);
            var words = new Random(number);
            var (word, echo) = (new byte[WordLength], new byte[WordLength]);
            while (!_stop.IsCancellationRequested)
            {
                words.NextBytes(word);
                await tls.WriteAsync(word);
                await tls.ReadExactlyAsync(echo).AsTask().WaitAsync(Bound);
                if (!word.AsSpan().SequenceEqual(echo))
                {
                    throw new IOException("Something else came back.");
                }
                _exchanges[number]++;
            }
        }
        catch (Exception failure)
        {
            _failures.Add(failure);
        }
    }
}
