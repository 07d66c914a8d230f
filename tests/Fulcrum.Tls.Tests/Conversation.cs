using Fulcrum.Tls.Engine;

namespace Fulcrum.Tls.Tests;

/// <summary>Two engines, and the bytes that are on their way between them. How they are cut is the test's to say.</summary>
internal sealed class Conversation(TlsEngine client, TlsEngine server) : IDisposable
{
    private const int MostTurns = 1_000_000;

    public TlsPeer Client { get; } = new(client);

    public TlsPeer Server { get; } = new(server);

    /// <summary>What is given to an engine at once; the default is all there is.</summary>
    public Func<int> Piece { get; init; } = () => int.MaxValue;

    /// <summary>The room for replies.</summary>
    public Func<int> Room { get; init; } = () => TlsEngine.UsualReply;

    public bool AreEstablished => Client.Engine.IsEstablished && Server.Engine.IsEstablished;

    /// <summary>Until nothing is on its way any more.</summary>
    public Conversation Run()
    {
        Client.Start(Room);
        for (var turn = 0; ; turn++)
        {
            Assert.True(turn < MostTurns, "the conversation has no end");
            var moved = Server.TakeFrom(Client, Piece, Room);
            moved |= Client.TakeFrom(Server, Piece, Room);
            if (!moved)
            {
                return this;
            }
        }
    }

    public void Dispose()
    {
        Client.Engine.Dispose();
        Server.Engine.Dispose();
    }
}
