namespace Fulcrum.Proxy.Streams;

/// <summary>How far a session has come.</summary>
internal enum SessionPhase
{
    /// <summary>What the client says first decides where it goes.</summary>
    Preface,

    /// <summary>A backend is being connected to.</summary>
    Connecting,

    /// <summary>Bytes pass.</summary>
    Open,
}
