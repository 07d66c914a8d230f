using System.Text;
using Fulcrum.Api.Access.Tokens;

namespace Fulcrum.Fuzz;

/// <summary>
/// The file of tokens: any text is one, with problems of one line each that repeat nothing of a hash, and what was
/// understood is written such that it reads back equal and without problems.
/// </summary>
internal sealed class TokensTarget : IFuzzTarget
{
    public string Name => "tokens";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/tokens"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        _ = TokenSecret.IsOne(text);
        var file = TokenFile.Parse(text);
        foreach (var problem in file.Problems)
        {
            if (problem.Length > 300 || problem.Any(char.IsControl))
            {
                throw new FuzzFailureException($"a problem of {problem.Length} characters: {problem}");
            }
        }

        if (file.Tokens.Count > TokenFile.MostTokens || file.Tokens.Any(token => !TokenFile.IsName(token.Name)))
        {
            throw new FuzzFailureException($"{file.Tokens.Count} tokens: {file.Tokens}");
        }

        var back = TokenFile.Parse(file.ToText());
        if (back.Problems.Count > 0 || back.Tokens != file.Tokens)
        {
            throw new FuzzFailureException(
                $"reads back as another: {string.Join('\n', back.Problems)}\n{file.ToText()}"
            );
        }
    }
}
