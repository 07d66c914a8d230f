namespace Fulcrum.Proxy.Tests.Plane.Outcomes;

/// <summary>Where a session is when something happens.</summary>
public enum Phase
{
    /// <summary>A question was asked and answered.</summary>
    Idle,

    /// <summary>The client has ended its direction.</summary>
    ClientEnded,

    /// <summary>The backend has ended its direction.</summary>
    BackendEnded,

    /// <summary>The client sends and the backend does not read.</summary>
    Upload,

    /// <summary>The backend sends and the client does not read.</summary>
    Download,
}
