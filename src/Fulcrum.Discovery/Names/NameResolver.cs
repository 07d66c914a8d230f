using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;

namespace Fulcrum.Discovery.Names;

/// <summary>Asks the system's resolver (hosts file, DNS and whatever nsswitch.conf names).</summary>
public delegate Task<IPAddress[]> ResolveName(string name, CancellationToken cancellation);

/// <summary>
/// Keeps the addresses of backends that are written as names: asks at once, then again every
/// <see cref="Interval"/>. A failure keeps what was known, and an address that is still among the answers stays
/// first, so that a rotating answer moves no traffic.
/// </summary>
public sealed class NameResolver(ResolveName resolve, TimeProvider time) : INameResolver
{
    /// <summary>Between two questions for the same name.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private const int AtOnce = 16;

    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Items<IPAddress>> _known = new(StringComparer.Ordinal);
    private HashSet<string> _names = [];

    // A name that goes is forgotten at once, as the engine forgets it: when it comes back it is news again.
    public void Apply(Map<string, string> names)
    {
        lock (_lock)
        {
            _names = names.Keys.ToHashSet(StringComparer.Ordinal);
            foreach (var gone in _known.Keys.Where(name => !_names.Contains(name)).ToList())
            {
                _known.Remove(gone);
            }
        }

        _changed.Writer.TryWrite(true);
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(INameListener listener, CancellationToken cancellation)
    {
        while (true)
        {
            HashSet<string> names;
            lock (_lock)
            {
                names = _names;
            }

            Tell(await ResolveAllAsync(names, cancellation), listener);
            await WaitAsync(cancellation);
        }
    }

    private void Tell(List<(string Name, IPAddress[] Answer)> answers, INameListener listener)
    {
        lock (_lock)
        {
            foreach (var (name, answer) in answers)
            {
                var before = _known.GetValueOrDefault(name);
                var after = Arrange(before, answer);
                if (_names.Contains(name) && after != before)
                {
                    _known[name] = after;
                    listener.OnName(name, after);
                }
            }
        }
    }

    private async Task<List<(string Name, IPAddress[] Answer)>> ResolveAllAsync(
        HashSet<string> names,
        CancellationToken cancellation
    )
    {
        var answers = new List<(string, IPAddress[])>(names.Count);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(
            names,
            options,
            async (name, token) =>
            {
                if (await AskAsync(name, token) is { Length: > 0 } answer)
                {
                    lock (answers)
                    {
                        answers.Add((name, answer));
                    }
                }
            }
        );
        return answers;
    }

    private async Task<IPAddress[]?> AskAsync(string name, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            // The system's resolver does not end when it is told to; nobody waits for it longer than the time-out.
            return await resolve(name, either.Token).WaitAsync(either.Token);
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            // Nobody knows the name, or it is none.
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private static Items<IPAddress> Arrange(Items<IPAddress> before, IPAddress[] answer)
    {
        var first = before.FirstOrDefault(answer.Contains) ?? answer[0];
        return Items.From([
            first,
            .. answer.Where(address => !address.Equals(first)).OrderBy(a => a.ToString(), StringComparer.Ordinal),
        ]);
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        using var pause = new CancellationTokenSource(Interval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, cancellation);
        try
        {
            await _changed.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The interval is over.
        }
    }
}
