using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Clients;

/// <summary>Which backend a client had last.</summary>
internal struct MemoryRecord : IClientRecord
{
    /// <summary>Null: it has none yet.</summary>
    public ServiceBackend? Backend;

    /// <summary>In microseconds, while the client has no session.</summary>
    public long Until;

    public readonly bool IsOver(long now) => Until <= now;
}
