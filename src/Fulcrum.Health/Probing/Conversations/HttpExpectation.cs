using Fulcrum.Model.Checks;

namespace Fulcrum.Health.Probing.Conversations;

/// <summary>
/// What an HTTP response must be, whatever carried it. A redirect is judged by its code and not followed. Shared by the
/// probes of one task, on one loop.
/// </summary>
internal sealed class HttpExpectation(HttpProbe probe)
{
    private const int Most = 64 * 1024;

    private readonly AnswerPattern? _body = AnswerPattern.Of(probe.Expect);

    // Mostly the same again and again, and kept for each of the last results.
    private (int Status, ProbeResult Result) _good;

    /// <summary>How much of the body is looked at. There is none to a HEAD (RFC 9110 section 9.3.2).</summary>
    public int BodyLimit => probe.Expect is null || probe.Method == "HEAD" ? 0 : Most;

    public ProbeResult Judge(int status, ReadOnlySpan<byte> body) =>
        !Accepts(status) ? ProbeResult.Bad($"status {status}")
        : _body is null || _body.Matches(body) ? Good(status)
        : ProbeResult.Bad($"the body is not as expected, {_body}");

    private ProbeResult Good(int status)
    {
        if (_good.Status != status)
        {
            _good = (status, ProbeResult.Good($"status {status}"));
        }

        return _good.Result;
    }

    private bool Accepts(int code)
    {
        foreach (var range in probe.Codes)
        {
            if (range.Contains(code))
            {
                return true;
            }
        }

        return probe.Codes.IsEmpty && code is >= 200 and < 400;
    }
}
