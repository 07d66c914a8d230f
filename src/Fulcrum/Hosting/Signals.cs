using System.Runtime.InteropServices;

namespace Fulcrum.Hosting;

/// <summary>The signals that a daemon lives by, as two tokens and a call.</summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private volatile Action? _reload;

    public Signals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Terminate),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Terminate),
            PosixSignalRegistration.Create(
                PosixSignal.SIGHUP,
                context =>
                {
                    context.Cancel = true;
                    _reload?.Invoke();
                }
            ),
        ];
    }

    /// <summary>As if SIGTERM came for the first time.</summary>
    public void End() => _drain.Cancel();

    /// <summary>What SIGHUP does; until this is called, nothing.</summary>
    public void OnReload(Action reload) => _reload = reload;

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

    private void Terminate(PosixSignalContext context)
    {
        context.Cancel = true;
        (_drain.IsCancellationRequested ? _stop : _drain).Cancel();
    }
}
