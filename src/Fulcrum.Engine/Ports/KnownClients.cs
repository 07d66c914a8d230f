namespace Fulcrum.Engine.Ports;

/// <summary>A bounded table of clients.</summary>
/// <param name="Known">Clients in it now.</param>
/// <param name="Crowded">Clients, since the start, that had to make room, or for whom there was none.</param>
public readonly record struct KnownClients(long Known, long Crowded)
{
    public static KnownClients operator +(KnownClients a, KnownClients b) =>
        new(a.Known + b.Known, a.Crowded + b.Crowded);
}
