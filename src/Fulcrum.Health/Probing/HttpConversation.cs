using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Fulcrum.Linux;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Values;
using Fulcrum.Protocols.Http;

namespace Fulcrum.Health.Probing;

/// <summary>
/// One request over HTTP/1.1 (RFC 9112). The connection always goes to the backend, whatever the request names; a
/// redirect is judged by its code and not followed.
/// </summary>
internal sealed class HttpConversation(HttpProbe probe, IPAddress address, int port) : ProbeConversation
{
    private const int BodyLimit = 64 * 1024;

    private readonly byte[] _request = Request(probe, new IPEndPoint(address, port).ToString());
    private readonly HttpResponseReader _response = new(probe.Expect is null ? 0 : BodyLimit);
    private int _sent;

    public override ProbeResult? Go(int descriptor, byte[] scratch)
    {
        while (_sent < _request.Length)
        {
            var sent = SocketCalls.Send(descriptor, _request.AsSpan(_sent));
            if (sent < 0)
            {
                return sent == -(int)Errno.TryAgain ? null : ProbeResult.Bad(Errors.Describe((Errno)(-sent)));
            }

            _sent += sent;
        }

        while (!_response.IsComplete)
        {
            var read = SocketCalls.Receive(descriptor, scratch);
            if (read < 0)
            {
                return read == -(int)Errno.TryAgain ? null : ProbeResult.Bad(Errors.Describe((Errno)(-read)));
            }

            if (read == 0)
            {
                return _response.End() ? Judge() : ProbeResult.Bad("closed before the answer was complete");
            }

            if (!_response.Feed(scratch.AsSpan(0, read)))
            {
                return ProbeResult.Bad(_response.Error!);
            }
        }

        return Judge();
    }

    private ProbeResult Judge()
    {
        if (!Accepts(_response.StatusCode))
        {
            return ProbeResult.Bad($"status {_response.StatusCode}");
        }

        return probe.Expect is null || Holds(probe.Expect, Encoding.UTF8.GetString(_response.Body))
            ? ProbeResult.Healthy
            : ProbeResult.Bad($"the body is not as expected, {probe.Expect}");
    }

    private bool Accepts(int code)
    {
        if (probe.Codes.IsEmpty)
        {
            return code is >= 200 and < 400;
        }

        foreach (var range in probe.Codes)
        {
            if (range.Contains(code))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Holds(TextPattern expect, string body) =>
        expect.Kind switch
        {
            TextPatternKind.Expression => Regex.IsMatch(body, expect.Text, RegexOptions.NonBacktracking),
            TextPatternKind.Wildcard => Regex.IsMatch(
                body,
                "^" + Regex.Escape(expect.Text).Replace("\\*", ".*", StringComparison.Ordinal),
                RegexOptions.NonBacktracking | RegexOptions.Singleline
            ),
            _ => body.StartsWith(expect.Text, StringComparison.Ordinal),
        };

    private static byte[] Request(HttpProbe probe, string endpoint)
    {
        var host = probe.Host ?? endpoint;
        var target =
            probe.ProxyForm && !probe.Path.Contains("://", StringComparison.Ordinal)
                ? $"http://{host}{probe.Path}"
                : probe.Path;
        var text = new StringBuilder()
            .Append(probe.Method)
            .Append(' ')
            .Append(target)
            .Append(" HTTP/1.1\r\nHost: ")
            .Append(host)
            .Append("\r\nUser-Agent: fulcrum\r\nConnection: close\r\n");
        foreach (var (name, value) in probe.Headers)
        {
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        if (probe.Body is { } body)
        {
            text.Append("Content-Length: ").Append(Encoding.UTF8.GetByteCount(body)).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("\r\n").Append(probe.Body).ToString());
    }
}
