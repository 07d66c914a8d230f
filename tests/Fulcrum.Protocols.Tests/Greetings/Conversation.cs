using Fulcrum.Protocols.Greetings;
using Fulcrum.TestKit;

namespace Fulcrum.Protocols.Tests.Greetings;

internal static class Conversation
{
    /// <summary>
    /// What becomes of a greeting when the server sends this: the verdict, its text, and all that we sent after
    /// the start. It is the same in pieces of every size.
    /// </summary>
    public static (GreetingVerdict Verdict, string Text, byte[] Sent) Hold(Func<IGreeting> begin, byte[] server)
    {
        var whole = InPieces(begin(), server, server.Length);
        for (var size = 1; size < Math.Min(server.Length, 64); size++)
        {
            var pieces = InPieces(begin(), server, size);
            Assert.Equal((whole.Verdict, whole.Text), (pieces.Verdict, pieces.Text));
            Assert.Equal(whole.Sent, pieces.Sent);
        }

        return whole;
    }

    /// <summary>Damages what a server sends in a hundred ways; nothing may throw, and pieces must agree.</summary>
    public static void Damage(Func<IGreeting> begin, byte[] server)
    {
        var random = Seeds.NewRandom();
        for (var run = 0; run < 100; run++)
        {
            var damaged = server.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            _ = Hold(begin, damaged[..random.Next(1, damaged.Length + 1)]);
        }
    }

    private static (GreetingVerdict Verdict, string Text, byte[] Sent) InPieces(
        IGreeting greeting,
        byte[] server,
        int size
    )
    {
        var step = GreetingStep.Continue;
        var sent = new List<byte>();
        foreach (var piece in server.Chunk(size))
        {
            step = greeting.Feed(piece);
            sent.AddRange(step.ToSend.Span);
        }

        return (step.Verdict, step.Text, [.. sent]);
    }
}
