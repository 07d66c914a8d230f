namespace Fulcrum.Linux.Bpf.Programs;

/// <param name="Verdict">What the program returned.</param>
/// <param name="Length">Bytes of the packet afterwards.</param>
/// <param name="Nanoseconds">Of one run, as the kernel measured it.</param>
public readonly record struct BpfRun(uint Verdict, int Length, uint Nanoseconds);
