namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>One client, and the backend that it came to; and what must hold between the two.</summary>
internal sealed class Connection
{
    private readonly Peer _server = new();

    public Peer Client { get; } = new();

    /// <summary>Null until a connection to a backend is there.</summary>
    public Peer? Server { get; private set; }

    public bool IsAccepted { get; set; }

    /// <summary>The clock went past the bound while the news of the connection was on its way to the relay.</summary>
    public bool MayTimeOut { get; set; }

    /// <summary>How many backends the relay has turned to.</summary>
    public int Attempts { get; private set; }

    public void Begin(SimulatedSocket client, int salt)
    {
        Client.Begin(client, salt);
        Server = null;
        IsAccepted = false;
        Attempts = 0;
        MayTimeOut = false;
    }

    /// <summary>The relay turns to a backend: what another one had to do with this is over.</summary>
    public void BeginAttempt()
    {
        Attempts++;
        Server = null;
        MayTimeOut = false;
    }

    public void BeginServer(SimulatedSocket socket, int salt)
    {
        _server.Begin(socket, salt);
        Server = _server;
    }

    /// <summary>What is wrong when nothing moves any more, or null.</summary>
    public string? Judge(int attempts, bool isOver)
    {
        if (Client.Complaint is { } atClient)
        {
            return $"at the client: {atClient}";
        }
        if (Server is null)
        {
            return Client.IsLive ? "the client is neither connected nor told"
                : Client.SawReset && Attempts < attempts ? $"given up after {Attempts} attempts"
                : null;
        }
        if (Server.Complaint is { } atServer)
        {
            return $"at the server: {atServer}";
        }
        return Judge(Client, Server, "client", "server", isOver) ?? Judge(Server, Client, "server", "client", isOver);
    }

    public override string ToString() => $"client {Client}; server {Server}";

    private string? Judge(Peer from, Peer to, string source, string target, bool isOver)
    {
        if (to.ReadEnd && !(from.Finished && to.Read == from.Written))
        {
            return $"{target} read a clean end at {to.Read} of {from.Written} bytes, {source} finished: {from.Finished}";
        }
        var mayBreak = from.DidReset || to.DidReset || MayTimeOut || from.IsClosed || to.IsClosed;
        if (!mayBreak)
        {
            if (to.SawReset)
            {
                return $"{target} saw a reset that nobody caused";
            }
            if (to.Read != from.Written)
            {
                return $"{target} has {to.Read} of {from.Written} bytes and nothing moves";
            }
            if (from.Finished && !to.ReadEnd)
            {
                return $"the end of {source} did not reach {target}";
            }
        }
        return from.DidReset && to.IsLive && !to.ReadEnd ? $"the reset by {source} did not reach {target}"
            : isOver && to.IsLive && !to.ReadEnd ? $"{target} was never told the end"
            : null;
    }
}
