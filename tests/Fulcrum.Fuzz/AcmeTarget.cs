using System.Text;
using Fulcrum.Protocols.Acme;

namespace Fulcrum.Fuzz;

/// <summary>
/// What authorities answer, taken for each kind of document, and what asks for a proof by HTTP: within the bounds, of
/// lines, and the same whatever comes behind a request.
/// </summary>
internal sealed class AcmeTarget : IFuzzTarget
{
    public string Name => "acme";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/acme"];

    public void Run(ReadOnlySpan<byte> input)
    {
        ReadOnlyMemory<byte> body = input.ToArray();
        _ = AcmeDocuments.ReadAccount(body);
        var order = AcmeDocuments.ReadOrder(body);
        var authorization = AcmeDocuments.ReadAuthorization(body);
        var challenge = AcmeDocuments.ReadChallenge(body);
        Check(AcmeDocuments.ReadDirectory(body)?.TermsOfService);
        Check(AcmeDocuments.ReadProblem(body)?.ToString());
        Check(order?.Error?.ToString());
        Check(order is null ? null : string.Join("", order.Names));
        Check(authorization?.Name);
        foreach (var one in authorization?.Challenges.Append(challenge) ?? [challenge])
        {
            Check(one?.Type);
            Check(one?.Error?.ToString());
            Check(one?.Token);
        }

        if (AcmeDocuments.ReadRenewalInfo(body) is { } wish && wish.End <= wish.Start)
        {
            throw new FuzzFailureException($"a time that ends before it begins: {wish}");
        }

        CheckRequest(input);
    }

    private static void CheckRequest(ReadOnlySpan<byte> input)
    {
        var reading = HttpChallengeRequest.Read(input, out var token);
        if (reading == HttpChallengeReading.Token != AcmeProof.IsToken(token))
        {
            throw new FuzzFailureException($"{reading} with the token '{token}'");
        }

        var more = HttpChallengeRequest.Read([.. input, .. "\r\n\r\nGET / HTTP/1.1\r\n\r\n"u8], out var after);
        if (reading != HttpChallengeReading.Partial && (reading, token) != (more, after))
        {
            throw new FuzzFailureException($"{reading} '{token}' becomes {more} '{after}' with more behind it");
        }
    }

    private static void Check(string? text)
    {
        if (text?.Any(char.IsControl) == true)
        {
            throw new FuzzFailureException($"more than a line: {Convert.ToHexString(Encoding.UTF8.GetBytes(text))}");
        }
    }
}
