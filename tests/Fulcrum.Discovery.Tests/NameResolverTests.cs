using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fulcrum.Discovery.Names;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Discovery.Tests;

public sealed class NameResolverTests : INameListener, IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ConcurrentDictionary<string, string[]> _zone = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _news = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly NameResolver _resolver;
    private readonly Task _running;
    private int _asked;

    public NameResolverTests()
    {
        _resolver = new(Resolve, _time);
        _running = _resolver.RunAsync(this, _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        _stop.Dispose();
    }

    void INameListener.OnName(string name, Items<IPAddress> addresses) => _news.Enqueue($"{name} {addresses}");

    [Fact]
    public async Task A_name_is_asked_for_at_once()
    {
        _zone["a"] = ["10.0.0.2", "10.0.0.1"];
        _resolver.Apply(Map.SetOf<string>("a"));
        await News("a [10.0.0.2, 10.0.0.1]");
    }

    [Fact]
    public async Task An_answer_that_rotates_moves_nothing_and_one_that_changes_does()
    {
        _zone["a"] = ["10.0.0.1", "10.0.0.2"];
        _resolver.Apply(Map.SetOf<string>("a"));
        await News("a [10.0.0.1, 10.0.0.2]");
        _zone["a"] = ["10.0.0.2", "10.0.0.1"];
        await AskAgain();
        Assert.Single(_news);
        _zone["a"] = ["10.0.0.2"];
        await AskAgain();
        await News("a [10.0.0.2]");
    }

    [Fact]
    public async Task A_failure_keeps_what_was_known()
    {
        _zone["a"] = ["10.0.0.1"];
        _resolver.Apply(Map.SetOf<string>("a"));
        await News("a [10.0.0.1]");
        _zone.Clear();
        await AskAgain();
        Assert.Single(_news);
    }

    [Fact]
    public async Task A_name_that_went_and_came_back_is_news_again()
    {
        _zone["a"] = ["10.0.0.1"];
        _resolver.Apply(Map.SetOf<string>("a"));
        await News("a [10.0.0.1]");
        _news.Clear();
        // Faster than the resolver looks.
        _resolver.Apply(Map.SetOf<string>());
        _resolver.Apply(Map.SetOf<string>("a"));
        await News("a [10.0.0.1]");
    }

    [Fact]
    public async Task A_question_that_never_ends_holds_up_neither_the_others_nor_the_end()
    {
        _zone["b"] = ["10.0.0.2"];
        _resolver.Apply(Map.SetOf<string>("endless", "b"));
        await Wait.Until(() => Volatile.Read(ref _asked) == 2, "both questions");
        await Wait.Until(() => _time.UntilNextTimer is not null, "the time-out to be armed");
        _time.Advance(TimeSpan.FromSeconds(5));
        await News("b [10.0.0.2]");
        _resolver.Apply(Map.SetOf<string>("endless"));
        await Wait.Until(() => Volatile.Read(ref _asked) == 3, "the question to be asked again");
    }

    [Fact]
    public async Task A_name_that_is_none_does_not_end_the_resolver()
    {
        _resolver.Apply(Map.SetOf<string>("broken"));
        await Wait.Until(() => Volatile.Read(ref _asked) == 1, "the question");
        _zone["a"] = ["10.0.0.1"];
        _resolver.Apply(Map.SetOf<string>("a"));
        await News("a [10.0.0.1]");
    }

    private Task News(string text) => Wait.Until(() => _news.LastOrDefault() == text, $"'{text}'");

    private async Task AskAgain()
    {
        await Wait.Until(() => _time.UntilNextTimer == NameResolver.Interval, "the resolver to wait for its interval");
        var before = Volatile.Read(ref _asked);
        _time.Advance(NameResolver.Interval);
        await Wait.Until(() => Volatile.Read(ref _asked) > before, "the next question");
        await Wait.Until(() => _time.UntilNextTimer == NameResolver.Interval, "the answer to be taken");
    }

    private Task<IPAddress[]> Resolve(string name, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _asked);
        if (name == "endless")
        {
            return new TaskCompletionSource<IPAddress[]>().Task;
        }

        if (name == "broken")
        {
            return Task.FromException<IPAddress[]>(new ArgumentException("not a host name", nameof(name)));
        }

        return _zone.TryGetValue(name, out var addresses)
            ? Task.FromResult(addresses.Select(IPAddress.Parse).ToArray())
            : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
    }
}
