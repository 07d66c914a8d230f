namespace Fulcrum.Linux.Processes;

/// <summary>How a program ended: with a code of its own, or by a signal, which is 0 otherwise.</summary>
public readonly record struct ExitStatus(int Code, int Signal)
{
    public override string ToString() => Signal == 0 ? $"exit code {Code}" : $"signal {Signal}";
}
