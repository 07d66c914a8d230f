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

        var line = Encoding.Latin1.GetString(head[..head.IndexOf("\r\n"u8)]).AsSpan();
        Span<Range> words = stackalloc Range[4];
        if (line.Split(words, ' ') != 3 || line[words[0]] is not "GET" || !line[words[2]].StartsWith("HTTP/1."))
        {
            return HttpChallengeReading.Other;
        }

        var path = line[words[1]];
        if (!path.StartsWith(AcmeProof.HttpPath) || !AcmeProof.IsToken(path[AcmeProof.HttpPath.Length..]))
        {
            return HttpChallengeReading.Other;
        }

        var name = path[AcmeProof.HttpPath.Length..];
        token = name.ToString();
        return HttpChallengeReading.Token;
    }
}
