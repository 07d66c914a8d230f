namespace Fulcrum.Linux.Bpf.Links;

/// <summary>XDP_FLAGS_*: who runs the program.</summary>
public enum XdpMode : uint
{
    /// <summary>The kernel itself, when a packet has been made ready already: works everywhere, and is slow.</summary>
    Generic = 1 << 1,

    /// <summary>The driver.</summary>
    Driver = 1 << 2,

    /// <summary>The network card.</summary>
    Hardware = 1 << 3,
}
