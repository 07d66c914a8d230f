namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>What the first bytes of a connection are.</summary>
public enum ProxyReading
{
    /// <summary>They begin as a header does, and there is more to come.</summary>
    NeedMore,
    Complete,

    /// <summary>They are no header at all: the connection begins with what it is about.</summary>
    Absent,

    /// <summary>They are a header that is broken: the connection must be given up.</summary>
    Invalid,
}
