using System.Text;

namespace Fulcrum.Protocols.Acme;

/// <summary>
/// What asks for HTTP-01 (RFC 8555 section 8.3): a GET of one path. Only the first line matters, but the whole head is
/// awaited, because a client that still writes when we answer and close would see a reset and not the answer.
/// </summary>
public static class HttpChallengeRequest
{
    public const int MostBytes = 8192;

    public static HttpChallengeReading Read(ReadOnlySpan<byte> head, out string? token)
    {
        token = null;
        var end = head.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return head.Length < MostBytes ? HttpChallengeReading.Partial : HttpChallengeReading.Other;
        }

        var line = head[..head.IndexOf("\r\n"u8)];
        Span<Range> words = stackalloc Range[4];
        var text = Encoding.Latin1.GetString(line);
        if (text.AsSpan().Split(words, ' ') != 3 || !text.AsSpan()[words[2]].StartsWith("HTTP/1."))
        {
            return HttpChallengeReading.Other;
        }

        var (method, path) = (text.AsSpan()[words[0]], text.AsSpan()[words[1]]);
        if (method is not "GET" || !path.StartsWith(AcmeProof.HttpPath))
        {
            return HttpChallengeReading.Other;
        }

        var name = path[AcmeProof.HttpPath.Length..];
        if (!AcmeProof.IsToken(name))
        {
            return HttpChallengeReading.Other;
        }

        token = name.ToString();
        return HttpChallengeReading.Token;
    }
}
