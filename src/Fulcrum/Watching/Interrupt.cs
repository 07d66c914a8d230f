using System.Runtime.InteropServices;

namespace Fulcrum.Watching;

/// <summary>
/// What a live view has to hear of: Ctrl-C and its like, which must not end it before the terminal is as it was, and a
/// window of another size.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Interrupt(CancellationToken cancellation)
    {
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            _registrations.Add(
                PosixSignalRegistration.Create(
                    signal,
                    context =>
                    {
                        context.Cancel = true;
                        End();
                    }
                )
            );
        }
    }

    public CancellationToken Token => _end.Token;

    /// <summary>As if somebody had pressed Ctrl-C; also when all has ended already.</summary>
    public void End()
    {
        try
        {
            _end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Whoever pressed a key in that moment has what they want.
        }
    }

    public void OnResize(Action resized) =>
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => resized()));

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        End();
        _end.Dispose();
    }
}
