using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Services;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Acme;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fulcrum.Acme.Tests;

/// <summary>A manager on a clock of the test's own beside a real authority on loopback.</summary>
public abstract class ManagerTest : IAsyncDisposable
{
    protected const string Shop = "shop.example.com";

    // Between two polls; while work is under way no more time than this passes at once.
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(5);

    private readonly List<AcmeResponder> _responders = [];
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private bool _isStopped;

    private protected ManagerTest(bool tls = false)
    {
        Authority = AcmeAuthority.Start(Time, tls);
        Authority.TlsPlace = _ => _responders.LastOrDefault()?.EndPoint;
    }

    private protected ManualTimeProvider Time { get; } = new();

    private protected AcmeAuthority Authority { get; }

    private protected TemporaryDirectory Folder { get; } = new();

    private protected AcmeManager Manager { get; private set; } = null!;

    private protected AcmeLimits Limits { get; set; } = AcmeLimits.Default;

    private protected AcmeSettings Settings =>
        new()
        {
            Directory = Authority.Directory,
            AcceptTerms = true,
            Email = "ops@example.com",
        };

    private protected IReadOnlyList<AcmeReport> Reports => Manager.Certificates;

    private protected string FileOf(string name) => AcmeManager.FileOf(Folder.FullName, name);

    private protected void Start(AcmeSettings settings, params string[] names)
    {
        Manager = new(Folder.FullName, Limits, NullLogger.Instance, Time, new Random(Seeds.FromEnvironmentOrFresh()));
        _responders.Add(new(Manager));
        _stop = new();
        _isStopped = false;
        Apply(settings, names);
        _running = Task.Run(() => Manager.RunAsync(_stop.Token));
    }

    private protected void Apply(AcmeSettings settings, params string[] names) =>
        Manager.Apply(
            new Snapshot
            {
                Acme = settings,
                Services = Named<Service>.From([
                    new Service
                    {
                        Name = "web",
                        Tls = new TlsTermination { Acme = Items.From(names) },
                    },
                ]),
            }
        );

    /// <summary>As a process does that is ended; what it has not written down is lost.</summary>
    private protected async Task StopAsync()
    {
        _isStopped = true;
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(_running, "the manager to end"));
        Manager.Dispose();
    }

    /// <summary>Lets time pass until something is so; never while an authority is being asked.</summary>
    private protected Task Until(Func<bool> condition, string what) =>
        Wait.Until(
            () =>
            {
                Assert.False(_running.IsFaulted, _running.Exception?.ToString());
                if (condition())
                {
                    return true;
                }

                if (Time.UntilNextTimer is { } next && (!Manager.IsBusy || next <= Short))
                {
                    Time.Advance(next);
                }

                return false;
            },
            what
        );

    private protected AcmeReport Report(string name = Shop) =>
        Reports.FirstOrDefault(report => report.Name == name) ?? new(name, "", AcmeState.Pending);

    private protected Task UntilValid(string name = Shop) =>
        Until(() => Report(name) is { State: AcmeState.Valid, IsOrdering: false }, $"a certificate for {name}");

    private protected Task UntilFailures(int count, string name = Shop) =>
        Until(() => Report(name).Failures >= count, $"{count} failures");

    public async ValueTask DisposeAsync()
    {
        if (Manager is not null && !_isStopped)
        {
            await StopAsync();
        }

        foreach (var responder in _responders)
        {
            await responder.DisposeAsync();
        }

        await Authority.DisposeAsync();
        Folder.Dispose();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }
}
