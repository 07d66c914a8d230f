namespace Fulcrum.Proxy.Routing;

/// <summary>What leads from a session of connections to its backend.</summary>
internal enum ConnectMeans
{
    /// <summary>A connection that carries bytes.</summary>
    Stream,

    /// <summary>A connection that carries messages.</summary>
    Messages,

    /// <summary>A socket for datagrams: nobody accepts, and nobody says that he has ended.</summary>
    Datagrams,

    /// <summary>A named pipe: nothing comes back.</summary>
    Pipe,

    /// <summary>A program that is started for the session.</summary>
    Program,
}
