using System.Net;
using System.Threading.Channels;
using Fulcrum.Acme.Ordering;
using Fulcrum.Acme.Proofs;
using Fulcrum.Acme.Storage;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Acme;

/// <summary>
/// Sees to it that every name that is to have a certificate by ACME (RFC 8555) has one that is valid: gets what is
/// missing, and renews when two thirds of a certificate's life are over, or when its authority wishes (RFC 9773).
/// Certificates are files; who shows them follows the files, as those of anybody else.
/// </summary>
/// <remarks>
/// One loop owns everything here. It compares what is wanted with what is there, begins work that is due, two at a time
/// (authorities limit what an account may do at once, and nobody waits for a renewal), and sleeps until something is done
/// or due. Work runs beside it and only ever gives back an outcome. An error belongs to its name: it is kept, shown, and
/// tried again after a pause that doubles up to six hours, and that outlives this process, because a process that is
/// started again and again must not ask again and again.
/// </remarks>
public sealed partial class AcmeManager : IAcmeChallenges, IAcmeReader, IDisposable
{
    private const int MostAtOnce = 2;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(6);

    private readonly string _state;
    private readonly AcmeLimits _limits;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly TlsProver _tls;
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly Dictionary<string, ManagedName> _names = new(StringComparer.Ordinal);
    private AcmeSession? _session;
    private CancellationTokenSource _work = new();
    private volatile Wanted _wanted = new(null, []);
    private volatile IReadOnlyList<AcmeReport> _reports = [];
    private int _atWork;

    /// <param name="state">The state directory.</param>
    public AcmeManager(string state, ILogger log, TimeProvider time, Random random)
        : this(state, AcmeLimits.Default, log, time, random) { }

    internal AcmeManager(string state, AcmeLimits limits, ILogger log, TimeProvider time, Random random)
    {
        (_state, _limits, _log, _time, _random) = (state, limits, log, time, random);
        _tls = new(time);
    }

    public IReadOnlyList<AcmeReport> Certificates => _reports;

    /// <summary>Where proofs are asked for by HTTP. Null: nowhere now.</summary>
    internal IPEndPoint? HttpEndPoint => (_session?.Prover as HttpProver)?.EndPoint;

    /// <summary>Work is under way.</summary>
    internal bool IsBusy => Volatile.Read(ref _atWork) > 0;

    /// <summary>The file of this name's certificate, chain and key, whether or not there is one yet.</summary>
    /// <param name="state">The state directory.</param>
    public static string FileOf(string state, string name) => AcmeFolder.CertificateOf(state, name);

    public AcmeChallengeCertificate? Find(string serverName) => _tls.Find(serverName);

    /// <summary>From now on the names of these services, and no others. Files of others stay as they are.</summary>
    public void Apply(Snapshot snapshot)
    {
        var names = snapshot.Services.SelectMany(service => service.Tls?.Acme ?? []);
        _wanted = new(
            snapshot.Acme,
            Items.From(
                names
                    .Select(name => name.ToLowerInvariant())
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
            )
        );
        Ring();
    }

    /// <summary>Until it is cancelled. What is under way then is gone on with by the next.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                Harvest();
                await FollowAsync(_wanted);
                Begin();
                var now = _time.GetUtcNow();
                _reports =
                [
                    .. _names
                        .Values.Select(name => name.Report(now, _session?.PausedUntil ?? default))
                        .OrderBy(report => report.Name, StringComparer.Ordinal),
                ];
                await SleepAsync(stop);
            }
        }
        finally
        {
            await EndSessionAsync();
        }
    }

    public void Dispose()
    {
        _session?.Dispose();
        _work.Dispose();
        _tls.Dispose();
    }

    private void Ring() => _bell.Writer.TryWrite(true);

    private void Harvest()
    {
        foreach (var name in _names.Values)
        {
            if (name.Work is not { IsCompleted: true } done)
            {
                continue;
            }

            (name.Work, name.IsOrdering) = (null, false);
            Interlocked.Decrement(ref _atWork);
            switch (done.Result)
            {
                case Outcome.Issued issued:
                    name.Take(issued.Record, issued.Certificate, _random.NextDouble());
                    LogIssued(name.Name, issued.Certificate.NotAfter);
                    break;
                case Outcome.Failed failed:
                    name.Take(failed.Record, name.Certificate, name.Chance);
                    LogFailed(name.Name, failed.Error, failed.Record.NextAttempt);
                    if (failed.PauseOfAll is { } pause && _session is { } session)
                    {
                        session.PausedUntil = _time.GetUtcNow() + pause;
                    }

                    break;
                case Outcome.Told told:
                    name.TakeWish(told.RenewAt, told.NextLook);
                    break;
            }
        }
    }

    private async Task FollowAsync(Wanted wanted)
    {
        if (wanted.Settings != _session?.Settings)
        {
            await EndSessionAsync();
            _session = wanted.Settings is { } settings
                ? new(settings, _state, Provers.Of(settings, _tls, _limits), _limits, _time)
                : null;
        }

        if (_session is null)
        {
            return;
        }

        // Work for a name that is not wanted any more comes to its end and is forgotten then.
        foreach (
            var gone in _names.Values.Where(known => known.Work is null && !wanted.Names.Contains(known.Name)).ToList()
        )
        {
            _names.Remove(gone.Name);
        }

        foreach (var name in wanted.Names)
        {
            if (!_names.ContainsKey(name))
            {
                _names.Add(name, Read(_session, name));
            }
        }
    }

    private ManagedName Read(AcmeSession session, string name)
    {
        var file = session.Folder.CertificateOf(name);
        var managed = new ManagedName(name, file);
        try
        {
            managed.Take(session.Folder.ReadRecord(name), StoredCertificate.Read(file, name), _random.NextDouble());
        }
        catch (IOException error)
        {
            LogUnreadable(name, error.Message);
        }

        return managed;
    }

    private void Begin()
    {
        var now = _time.GetUtcNow();
        if (_session is not { } session || session.PausedUntil > now)
        {
            return;
        }

        // Who waits the longest comes first.
        foreach (var name in _names.Values.Where(name => name.Work is null).OrderBy(name => name.OrderAt).ToList())
        {
            if (IsFull())
            {
                return;
            }

            if (name.OrderAt <= now)
            {
                name.IsOrdering = true;
                Begin(name, stop => NameWork.OrderAsync(session, name, Chance(), _time, stop));
            }
            else if (name.Certificate is { } certificate && name.NextLook <= now)
            {
                Begin(name, stop => NameWork.LookAsync(session, certificate, name.Chance, _time, stop));
            }
        }
    }

    private bool IsFull() => Volatile.Read(ref _atWork) >= MostAtOnce;

    private double Chance() => _random.NextDouble();

    private void Begin(ManagedName name, Func<CancellationToken, Task<Outcome>> work)
    {
        var stop = _work.Token;
        Interlocked.Increment(ref _atWork);
        name.Work = Task.Run(() => work(stop), CancellationToken.None);
        _ = name.Work.ContinueWith(
            _ => Ring(),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    private async Task SleepAsync(CancellationToken stop)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var due = Task.Delay(UntilDue(), _time, enough.Token);
        Task rung = _bell.Reader.ReadAsync(enough.Token).AsTask();
        await Task.WhenAny(due, rung);
        await enough.CancelAsync();
        await rung.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await due.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
    }

    // Long sleeps are cut: the clock on the wall, by which certificates are valid, may be set meanwhile.
    private TimeSpan UntilDue()
    {
        if (_session is not { } session || IsFull())
        {
            return LongestSleep;
        }

        var now = _time.GetUtcNow();
        var next = _names
            .Values.Where(name => name.Work is null)
            .Select(name => name.Certificate is not null && name.NextLook < name.OrderAt ? name.NextLook : name.OrderAt)
            .DefaultIfEmpty(DateTimeOffset.MaxValue)
            .Min();
        next = next > session.PausedUntil ? next : session.PausedUntil;
        // Timers count whole milliseconds: one that is cut short would find nothing due.
        return next <= now ? TimeSpan.Zero
            : next - now < LongestSleep ? TimeSpan.FromMilliseconds(Math.Ceiling((next - now).TotalMilliseconds))
            : LongestSleep;
    }

    private async Task EndSessionAsync()
    {
        await _work.CancelAsync();
        await Task.WhenAll(_names.Values.Select(name => name.Work ?? Task.CompletedTask));
        Harvest();
        _names.Clear();
        _session?.Dispose();
        _session = null;
        _work.Dispose();
        _work = new();
    }

    private sealed record Wanted(AcmeSettings? Settings, Items<string> Names);
}
