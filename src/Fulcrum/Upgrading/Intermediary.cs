using Fulcrum.Linux;
using Fulcrum.Linux.Processes;
using Fulcrum.Protocols.Handover;

namespace Fulcrum.Upgrading;

/// <summary>
/// Starts the process that is to take the place of another, tells that one of it, and ends at once. A service manager
/// watches over its own children alone: it neither waits for the end of another's child when it stops the service nor
/// hears of it. So the new process is not the old one's child: it has lost its parent, and is the manager's, before the
/// manager is told that it is the service.
/// </summary>
internal sealed class Intermediary : IDisposable
{
    /// <summary>Names the descriptor of the channel; it is for this process alone.</summary>
    public const string Variable = "FULCRUM_INTERMEDIARY";

    private readonly HandoverLine _line;

    private Intermediary(HandoverLine line) => _line = line;

    /// <summary>Null: this process is none.</summary>
    public static Intermediary? Find() => HandoverLine.Find(Variable) is { } line ? new(line) : null;

    /// <returns>Whether it is started.</returns>
    public bool Start(OwnProgram? program)
    {
        try
        {
            var child = SiblingProcess.Start(
                program ?? throw new HandoverException("this system does not say what we run"),
                _line.Channel,
                (Predecessor.Variable, HandoverLine.Number)
            );
            // Nobody but this process can reap it, so the number is its own.
            using var next = OtherProcess.Open(child.ProcessId);
            _line.Send(new HandoverStarted(child.ProcessId), next.Descriptor);
            return true;
        }
        catch (Exception error) when (error is HandoverException or LinuxException)
        {
            _line.TryRefuse(error.Message);
            return false;
        }
    }

    public void Dispose() => _line.Dispose();
}
