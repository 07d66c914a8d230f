namespace Fulcrum.Proxy.Streams;

/// <summary>How far a session has come.</summary>
internal enum SessionPhase
{
    /// <summary>What the client says first decides where it goes.</summary>
    Preface,

    /// <summary>The client speaks TLS, and waits for a place among the handshakes.</summary>
    Crowded,

    /// <summary>The client speaks TLS, and has not proved yet that it can.</summary>
    Handshake,

    /// <summary>A backend is being connected to.</summary>
    Connecting,

    /// <summary>A backend has accepted, and speaks TLS, which is agreed upon.</summary>
    Securing,

    /// <summary>Bytes pass.</summary>
    Open,
}
