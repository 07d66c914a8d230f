namespace Fulcrum.Linux.Bpf.Programs;

/// <summary>How a program is run for a test.</summary>
public readonly ref struct BpfRunOptions
{
    /// <summary>So many times in a row.</summary>
    public int Repeat { get; init; }

    /// <summary>What the program sees beside the packet: <c>struct xdp_md</c> or <c>struct __sk_buff</c>. Empty: nothing special.</summary>
    public ReadOnlySpan<byte> Context { get; init; }

    /// <summary>Room for what it left of that; nothing more than the program may change is told.</summary>
    public Span<byte> ContextResult { get; init; }
}
