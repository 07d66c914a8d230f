using System.Runtime.InteropServices;

namespace Fulcrum.Hosting;

/// <summary>The signals that a daemon lives by, as two tokens and a call.</summary>
internal sealed class Signals : IDisposable
{
    /// <summary>SIGUSR2, which the runtime has no name for.</summary>
    private const PosixSignal UpgradeSignal = (PosixSignal)12;

    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _lock = new();
    private Action? _reload;
    private bool _isReloadWanted;
    private volatile Action? _upgrade;

    public Signals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Terminate),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Terminate),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Reload),
            PosixSignalRegistration.Create(UpgradeSignal, Upgrade),
        ];
    }

    /// <summary>As if SIGTERM came for the first time.</summary>
    public void End() => _drain.Cancel();

    /// <summary>What SIGHUP does. One that came before this was called is remembered.</summary>
    public void OnReload(Action reload)
    {
        lock (_lock)
        {
            _reload = reload;
            if (_isReloadWanted)
            {
                _isReloadWanted = false;
                reload();
            }
        }
    }

    /// <summary>What SIGUSR2 does; until this is called, nothing.</summary>
    public void OnUpgrade(Action upgrade) => _upgrade = upgrade;

    /// <summary>The first SIGTERM or SIGINT: finish what is going on.</summary>
    public CancellationToken Drain => _drain.Token;

    /// <summary>The second: stop at once.</summary>
    public CancellationToken Stop => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _drain.Dispose();
        _stop.Dispose();
    }

    private void Reload(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_lock)
        {
            _isReloadWanted = _reload is null;
            _reload?.Invoke();
        }
    }

    private void Upgrade(PosixSignalContext context)
    {
        context.Cancel = true;
        _upgrade?.Invoke();
    }

    private void Terminate(PosixSignalContext context)
    {
        context.Cancel = true;
        (_drain.IsCancellationRequested ? _stop : _drain).Cancel();
    }
}
