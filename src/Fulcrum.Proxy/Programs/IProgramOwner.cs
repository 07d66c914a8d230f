using Fulcrum.Linux.Processes;

namespace Fulcrum.Proxy.Programs;

/// <summary>A session for which a program runs; called on the loop of both.</summary>
internal interface IProgramOwner
{
    /// <summary>It runs, or cannot.</summary>
    /// <param name="conversation">What leads to its standard input and from its standard output, the owner's from now on; or a negative errno.</param>
    void OnStarted(RunningProgram program, int conversation);

    /// <summary>It has ended.</summary>
    void OnEnded(RunningProgram program, ExitStatus status);
}
