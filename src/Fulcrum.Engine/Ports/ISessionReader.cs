namespace Fulcrum.Engine.Ports;

/// <summary>Tells of sessions as they are now, and ends them.</summary>
public interface ISessionReader
{
    /// <summary>Those that are asked for, by their ids. Whoever stays is told exactly once over all pages.</summary>
    Task<SessionPage> ReadAsync(SessionQuery query, CancellationToken cancellation);

    /// <summary>Null: it has ended, or never was.</summary>
    Task<SessionReport?> FindAsync(SessionId id, CancellationToken cancellation);

    /// <summary>Ends it and tells both sides, as far as the protocol can. False: it is not there any more.</summary>
    Task<bool> EndAsync(SessionId id, CancellationToken cancellation);
}
