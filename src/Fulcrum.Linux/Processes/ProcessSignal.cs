namespace Fulcrum.Linux.Processes;

/// <summary>What one process of a node has to say to the next by a signal (signal(7)).</summary>
public enum ProcessSignal
{
    HangUp = 1,
    Kill = 9,
    Terminate = 15,
}
