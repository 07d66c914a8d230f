namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>Which way packets go that somebody looks at.</summary>
[Flags]
public enum TapDirections : uint
{
    None = 0,

    /// <summary>As packets come.</summary>
    Came = 1,

    /// <summary>As they leave.</summary>
    Left = 2,
}
