using Fulcrum.Protocols.Greetings;

namespace Fulcrum.Fuzz;

/// <summary>What servers say first: whole and in pieces of every small size, to the same verdict.</summary>
internal sealed class GreetingTarget(string name, Func<IGreeting> begin) : IFuzzTarget
{
    private const int LongestText = 500;

    public string Name => name;

    public IReadOnlyList<string> Corpus => [$"tests/Fulcrum.Fuzz/Corpus/{name}"];

    public void Run(ReadOnlySpan<byte> input) => Pieces.Compare(input, Read);

    private (GreetingVerdict, string, string) Read(byte[] input, int size)
    {
        var greeting = begin();
        var step = GreetingStep.Continue;
        var sent = "";
        foreach (var piece in input.Chunk(size))
        {
            step = greeting.Feed(piece);
            sent += Convert.ToHexString(step.ToSend.Span);
        }

        if (step.Text.Length > LongestText || step.Text.Any(char.IsControl))
        {
            throw new FuzzFailureException($"a text that is not fit to be told: {step.Text}");
        }

        return (step.Verdict, step.Text, sent);
    }
}
