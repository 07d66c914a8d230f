namespace Fulcrum.Proxy.Tests.Mutation;

/// <summary>What can go wrong where a side speaks TLS.</summary>
internal static class TlsMutants
{
    private const string Tls = "Fulcrum.Proxy/Streams/StreamSession.Tls.cs";
    private const string Connecting = "Fulcrum.Proxy/Streams/StreamSession.Connecting.cs";
    private const string Line = "Fulcrum.Proxy/Waiting/HandshakeLine.cs";

    public static IEnumerable<Mutant> All =>
        [
            new(
                "a reset is not noticed while a part of the handshake is owed",
                Tls,
                "to.OverflowStart < to.OverflowEnd && !to.Broken",
                "to.OverflowStart < to.OverflowEnd"
            ),
            new("a handshake sent in parts is owed for ever", Tls, "} Drop(ref to); }", "} }"),
            new(
                "an end is not told by TLS",
                Tls,
                "var turn = tls.Finish(_relay.ReplyScratch);",
                "TlsTurn turn = default;"
            ),
            new("an end overtakes what is owed", Tls, "if (!to.EndsWhenSent || to.IsOwed)", "if (!to.EndsWhenSent)"),
            new("an end is forgotten where TLS told it", Tls, "to.EndsWhenSent = true; EndNow(ref to);", ""),
            new(
                "a short read for TLS is taken for an empty queue although a hang-up is pending",
                Tls,
                "count < most && !from.HangUp",
                "count < most"
            ),
            new("an engine of a client is left", Tls, "_client.Tls?.Dispose();", ""),
            new("an engine of a backend is left", Tls, "_server.Tls?.Dispose();", ""),
            new("an engine of a backend that failed is left", Connecting, "_server.Tls?.Dispose();", ""),
            new(
                "bytes behind a client's handshake are forgotten",
                Tls,
                "_client.IsHolding = _client.Readable = true;",
                "_client.Readable = false;"
            ),
            new("a place among the handshakes is not given back", Tls, "_relay.Handshakes.Leave(this);", ""),
            new("who waits no longer is still in line", Tls, "_relay.Handshakes.StopWaiting(this);", ""),
            new(
                "nobody is told of a place among the handshakes",
                Line,
                "_underWay.Remove(session); if (_waiting.Count > 0)",
                "_underWay.Remove(session); if (_waiting.Count < 0)"
            ),
        ];
}
