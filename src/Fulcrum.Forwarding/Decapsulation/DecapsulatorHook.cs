namespace Fulcrum.Forwarding.Decapsulation;

/// <summary>Where on its way a packet meets the program.</summary>
public enum DecapsulatorHook
{
    /// <summary>In the driver, before the kernel has made anything of a frame (XDP).</summary>
    Driver,

    /// <summary>At traffic control (tc): every interface has it.</summary>
    TrafficControl,
}
