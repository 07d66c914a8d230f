namespace Fulcrum.Linux.Bpf.Objects;

/// <summary>A file is no BPF object, or one that is broken, or asks what this loader does not know. Says where.</summary>
public sealed class BpfObjectException(string message) : Exception(message);
