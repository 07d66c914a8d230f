using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Fulcrum.Health.Tests.Adversaries;

/// <summary>Answers of servers to the very request, right and wrong in one thing.</summary>
internal static class DatagramAnswers
{
    public const string Secret = "s3cr3t";

    private const int DnsHead = 12;
    private const int RadiusHead = 20;

    public static byte[] To(string name, byte[] request) =>
        name switch
        {
            "pong" => "pong"u8.ToArray(),
            "noise" => "noise"u8.ToArray(),
            "nothing" => [],
            _ when name.StartsWith("dns ", StringComparison.Ordinal) => Dns(name[4..], request),
            _ => Radius(name[7..], request),
        };

    // Header, the question as it was asked, one A record whose name points to the question's.
    private static byte[] Dns(string what, byte[] request)
    {
        byte[] answer = [.. request, 0xC0, DnsHead, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7];
        answer[2] = 0x81;
        answer[3] = 0x80;
        answer[7] = 1;
        switch (what)
        {
            case "other id":
                answer[0]++;
                break;
            case "other question":
                answer[DnsHead + 1]++;
                break;
            case "no response":
                answer[2] = 0x01;
                break;
            case "truncated":
                answer[2] |= 0x02;
                break;
            case "servfail":
                answer = answer[..request.Length];
                answer[7] = 0;
                answer[3] |= 2;
                break;
            case "cut":
                answer = answer[..^3];
                break;
        }

        return answer;
    }

    [SuppressMessage("Security", "CA5351", Justification = "RFC 2865 demands MD5.")]
    private static byte[] Radius(string what, byte[] request)
    {
        var answer = new byte[RadiusHead];
        answer[0] = (byte)(what == "reject" ? 3 : 2);
        answer[1] = (byte)(request[1] + (what == "other id" ? 1 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(2), RadiusHead);
        request.AsSpan(4, 16).CopyTo(answer.AsSpan(4));
        var secret = System.Text.Encoding.ASCII.GetBytes(what == "other secret" ? "guess" : Secret);
        MD5.HashData([.. answer, .. secret]).CopyTo(answer, 4);
        return what == "cut" ? answer[..^1] : answer;
    }
}
