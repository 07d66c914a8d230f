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
    private volatile Action? _reload;
    private volatile Action? _upgrade;

    public Signals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Terminate),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Terminate),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Pass(context, _reload)),
            PosixSignalRegistration.Create(UpgradeSignal, context => Pass(context, _upgrade)),
        ];
    }

    /// <summary>As if SIGTERM came for the first time.</summary>
    public void End() => _drain.Cancel();

    /// <summary>What SIGHUP does; until this is called, nothing.</summary>
    public void OnReload(Action reload) => _reload = reload;

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

    private static void Pass(PosixSignalContext context, Action? order)
    {
        context.Cancel = true;
        order?.Invoke();
    }

    private void Terminate(PosixSignalContext context)
    {
        context.Cancel = true;
        (_drain.IsCancellationRequested ? _stop : _drain).Cancel();
    }
}
