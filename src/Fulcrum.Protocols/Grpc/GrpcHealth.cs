using System.Globalization;
using System.Text;
using Fulcrum.Protocols.Http2;

namespace Fulcrum.Protocols.Grpc;

/// <summary>
/// The health checking protocol of gRPC: <c>grpc.health.v1.Health/Check</c> is called with the name of a service, or
/// none for the server as a whole, and answers whether it serves.
/// <para>
/// A call is an HTTP/2 exchange ("gRPC over HTTP2"): POST, messages in the bodies, each behind five octets, and in the
/// trailers the call's own status. A server that has nothing to say but that status ends with its headers.
/// </para>
/// </summary>
public static class GrpcHealth
{
    /// <summary>Bytes of body that an exchange should keep: more than any answer has.</summary>
    public const int BodyLimit = 1024;

    private const string Media = "application/grpc";

    public static IReadOnlyList<(string Name, string Value)> Headers(string authority, bool isEncrypted) =>
        [
            (":method", "POST"),
            (":scheme", isEncrypted ? "https" : "http"),
            (":path", "/grpc.health.v1.Health/Check"),
            (":authority", authority),
            ("content-type", Media),
            ("te", "trailers"),
        ];

    /// <summary>The body of the request.</summary>
    public static byte[] Request(string service) => HealthMessages.WriteRequest(service);

    /// <summary>Null when the exchange, complete or failed, says that the service serves; else what it says.</summary>
    public static string? WhyNotServing(Http2Exchange exchange)
    {
        if (exchange.StatusCode == 0)
        {
            return exchange.Error ?? "no answer";
        }

        if (exchange.StatusCode != 200)
        {
            return $"status {exchange.StatusCode}";
        }

        if (
            Find(exchange.Headers, "content-type") is var type
            && type?.StartsWith(Media, StringComparison.Ordinal) != true
        )
        {
            return $"content type {type ?? "missing"}";
        }

        // Trailers-Only: the headers are the trailers.
        var trailers = exchange.Trailers.Count > 0 ? exchange.Trailers : exchange.Headers;
        if (Find(trailers, "grpc-status") is not { } status)
        {
            return exchange.Error ?? "the call ended without a status";
        }

        if (status != "0")
        {
            var message = Decode(Find(trailers, "grpc-message") ?? "");
            return message.Length == 0 ? GrpcStatus.NameOf(status) : $"{GrpcStatus.NameOf(status)}: {message}";
        }

        return HealthMessages.ReadStatus(exchange.Body) switch
        {
            1 => null,
            0 => "unknown",
            2 => "not serving",
            3 => "service unknown",
            { } other => $"health {other.ToString(CultureInfo.InvariantCulture)}",
            null => "the answer is no health",
        };
    }

    private static string? Find(IReadOnlyList<(string Name, string Value)> fields, string name) =>
        fields.FirstOrDefault(field => field.Name == name).Value;

    // UTF-8, percent-encoded; what is not well encoded stays as it is.
    internal static string Decode(string message)
    {
        var octets = new List<byte>(message.Length);
        for (var i = 0; i < message.Length; i++)
        {
            if (
                message[i] == '%'
                && i + 2 < message.Length
                && byte.TryParse(
                    message.AsSpan(i + 1, 2),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out var octet
                )
            )
            {
                octets.Add(octet);
                i += 2;
            }
            else
            {
                octets.Add((byte)message[i]);
            }
        }

        return Encoding.UTF8.GetString([.. octets]);
    }
}
