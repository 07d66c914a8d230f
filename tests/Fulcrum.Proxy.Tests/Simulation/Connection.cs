using Fulcrum.Proxy.Waiting;

namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>One client, and the backend that it came to; and what must hold between the two.</summary>
internal sealed class Connection
{
    private readonly Peer _server = new();
    private readonly Admission _admission = new();
    private Passage _passage = Passage.Plain;
    private long _began;

    public Peer Client { get; } = new();

    /// <summary>The relay's end of its connection.</summary>
    public SimulatedSocket Entry { get; set; } = null!;

    /// <summary>Null until a connection to a backend is there.</summary>
    public Peer? Server { get; private set; }

    public bool IsAccepted { get; private set; }

    /// <summary>The clock went past the bound while the news of the connection was on its way to the relay.</summary>
    public bool MayTimeOut { get; set; }

    /// <summary>A filter broke before it had said all.</summary>
    public bool IsDetourBroken { get; set; }

    /// <summary>A filter says nothing before it was told all.</summary>
    public bool HasPatientFilter { get; set; }

    /// <summary>A filter broke.</summary>
    public bool MayLoseDetour { get; set; }

    /// <summary>How many filters could not be connected to, or perhaps not.</summary>
    public int FilterFailures { get; set; }

    /// <summary>How many backends the relay has turned to.</summary>
    public int Attempts { get; private set; }

    public void Begin(SimulatedSocket client, int salt, Passage passage, Greeting greeting)
    {
        _passage = passage;
        Client.Begin(client, salt, isClient: true, Admission.HeaderOf(greeting));
        _admission.Begin(passage.Header, greeting, Client);
        Server = null;
        IsAccepted = false;
        Attempts = 0;
        MayTimeOut = IsDetourBroken = MayLoseDetour = HasPatientFilter = false;
        FilterFailures = 0;
    }

    public void Accept(long now)
    {
        IsAccepted = true;
        _began = now;
        _admission.Accept(now);
    }

    /// <summary>The relay turns to a backend: what another one had to do with this is over.</summary>
    public void BeginAttempt(long now, bool isByClock)
    {
        if (Attempts == 0)
        {
            _admission.LetIn(now, isByClock);
        }
        Attempts++;
        Server = null;
        MayTimeOut = false;
    }

    public void BeginServer(SimulatedSocket socket, int salt)
    {
        _server.Begin(socket, salt, isClient: false, []);
        Server = _server;
    }

    /// <summary>The relay is about to reset the client.</summary>
    public void Reset(long now, bool isByClock)
    {
        if (Attempts == 0)
        {
            _admission.TurnAway(now, isByClock);
        }
    }

    /// <summary>What is wrong when nothing moves any more, or null.</summary>
    public string? Judge(int attempts, bool isOver, long now)
    {
        if (_admission.Complaint is { } atEntrance)
        {
            return $"at the entrance: {atEntrance}";
        }
        if (Client.Complaint is { } atClient)
        {
            return $"at the client: {atClient}";
        }
        if (Server is null)
        {
            var isTurnedAway = Attempts == 0 && _passage.Preface is not null;
            return Client.IsLive ? "the client is neither connected nor told"
                : Client.SawReset && Attempts == 0 && _passage.IsSecured && now - _began < HandshakeLine.Patience
                    ? "turned away although it does all that it should"
                : Client.SawReset && Attempts < attempts && !isTurnedAway ? $"given up after {Attempts} attempts"
                : null;
        }
        if (Server.Complaint is { } atServer)
        {
            return $"at the server: {atServer}";
        }
        var most = _passage.IsLimited ? Passage.Burst + ((now - _began) * Passage.Rate / 1000) : long.MaxValue;
        return Judge(Client, Server, _passage.Ingress, _passage.Egress, most, attempts, isOver) is { } ingress
                ? $"from client to server: {ingress}"
            : Judge(Server, Client, _passage.Egress, _passage.Ingress, most, attempts, isOver) is { } egress
                ? $"from server to client: {egress}"
            : null;
    }

    public override string ToString() => $"client {Client}; server {Server}";

    private string? Judge(Peer from, Peer to, Way way, Way back, long most, int attempts, bool isOver)
    {
        var passes = way == Way.Pass ? from.Written : 0;
        if (to.Read > Math.Min(passes, most) || to.Echoed > (back == Way.Echo ? most : 0))
        {
            return "more has come than may";
        }
        if (to.ReadEnd && !(from.Finished && to.Read == passes))
        {
            return $"a clean end at {to.Read} of {passes} bytes, the sender finished: {from.Finished}";
        }
        if (IsDetourBroken && to.IsLive && !to.ReadEnd)
        {
            return "a filter broke, and the session goes on";
        }
        var mayBreak = from.DidReset || to.DidReset || MayTimeOut || from.IsClosed || to.IsClosed;
        mayBreak |= MayLoseDetour || FilterFailures >= attempts;
        if (!mayBreak)
        {
            if (to.SawReset)
            {
                return "a reset that nobody caused";
            }
            if (to.Read != passes && (from.Finished || !HasPatientFilter))
            {
                return $"{to.Read} of {passes} bytes have come and nothing moves";
            }
            // An echo has nowhere to go once its sender was told the end.
            if (back == Way.Echo && to.Echoed != to.Written && !from.Finished)
            {
                return $"{to.Echoed} of {to.Written} bytes came back and nothing moves";
            }
            if (from.Finished && !to.ReadEnd)
            {
                return "the end did not arrive";
            }
        }
        return from.DidReset && to.IsLive && !to.ReadEnd ? "the reset did not arrive"
            : isOver && to.IsLive && !to.ReadEnd ? "the end was never told"
            : null;
    }
}
