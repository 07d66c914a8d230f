using Fulcrum.Model.Services;

namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>Judges whether a client was let in, or turned away, as its beginning and the clock have it.</summary>
internal sealed class Admission
{
    private static readonly byte[] WholeHeader = "PROXY UNKNOWN\r\n"u8.ToArray();
    private static readonly byte[] BrokenHeader = "PROXY TCP9 1\r\n"u8.ToArray();

    private ProxyProtocolAcceptance _acceptance;
    private Greeting _greeting;
    private Peer _client = null!;
    private long _began;

    /// <summary>What was wrong with it.</summary>
    public string? Complaint { get; private set; }

    private bool MayBeWithout => _acceptance == ProxyProtocolAcceptance.Accept;

    private bool IsSatisfied =>
        _greeting switch
        {
            Greeting.Whole => _client.Sent >= WholeHeader.Length,
            Greeting.Missing => MayBeWithout && _client.Sent > 0,
            _ => false,
        };

    private bool IsHopeless =>
        _client.Sent > 0 && (_greeting == Greeting.Broken || (_greeting == Greeting.Missing && !MayBeWithout));

    public static byte[] HeaderOf(Greeting greeting) =>
        greeting switch
        {
            Greeting.Whole => WholeHeader,
            Greeting.Broken => BrokenHeader,
            _ => [],
        };

    public void Begin(ProxyProtocolAcceptance acceptance, Greeting greeting, Peer client)
    {
        (_acceptance, _greeting, _client) = (acceptance, greeting, client);
        Complaint = null;
    }

    /// <summary>The relay has accepted the connection.</summary>
    public void Accept(long now) => _began = now;

    /// <summary>The relay turns to a backend.</summary>
    public void LetIn(long now, bool isByClock)
    {
        if (_acceptance == ProxyProtocolAcceptance.Off)
        {
            return;
        }
        if (isByClock)
        {
            Complain(!MayBeWithout, "let in without a header");
            Complain(now - _began < Passage.PrefaceTimeout, "let in too early");
            Complain(_client.Sent > 0 && !_client.Socket.IsQueued, "taken for silent");
            // Whatever header still comes is data by now.
            _client.Consumed = 0;
        }
        else
        {
            Complain(!IsSatisfied, "let in without what it must begin with");
        }
    }

    /// <summary>The relay resets the client without having turned to a backend.</summary>
    public void TurnAway(long now, bool isByClock)
    {
        if (_acceptance == ProxyProtocolAcceptance.Off)
        {
            return;
        }
        // What is on its way to the relay may come too late.
        var isKnown = !_client.Socket.IsQueued;
        if (isByClock)
        {
            Complain(now - _began < Passage.PrefaceTimeout, "turned away too early");
            Complain(isKnown && IsSatisfied, "turned away although its header was whole");
            Complain(isKnown && MayBeWithout && _client.Sent == 0, "turned away although it may be silent");
            Complain(isKnown && (_client.Finished || _client.DidReset), "waited for although it had ended");
        }
        else if (!_client.DidReset)
        {
            Complain(!IsHopeless && !_client.Finished, "turned away before its header was whole");
            Complain(IsSatisfied, "turned away although its header was whole");
        }
    }

    private void Complain(bool isWrong, string complaint) => Complaint ??= isWrong ? complaint : null;
}
