using System.Net.Sockets;
using System.Security.Cryptography;

namespace Fulcrum.Protocols.Radius;

/// <summary>
/// A request to a RADIUS server, and the judge of what comes back (RFC 2865). A request is one datagram; its identifier
/// tells which response belongs to it, and its authenticator, 16 bytes that must be unpredictable, binds the response
/// to it: the server proves that it knows the shared secret by a digest over both (section 3). Either the server is
/// asked to let a user in, by password, hidden with the secret (PAP), or by proof (CHAP); or it is only asked whether
/// it is there (Status-Server, RFC 5997).
/// <para>
/// That digest can be forged for requests that are not themselves signed (BlastRADIUS, CVE-2024-3596). Therefore every
/// request begins with a Message-Authenticator (RFC 3579 section 3.2), and where a response has one, it must be right.
/// </para>
/// </summary>
public sealed class RadiusRequest
{
    private const byte ServiceTypeLogin = 1;
    private const byte NasPortTypeVirtual = 5;

    private readonly byte[] _packet;
    private readonly byte[] _secret;

    internal RadiusRequest(byte[] packet, ReadOnlySpan<byte> secret)
    {
        (_packet, _secret) = (packet, secret.ToArray());
    }

    /// <summary>What is sent.</summary>
    public ReadOnlySpan<byte> Packet => _packet;

    private byte Identifier => _packet[1];

    private ReadOnlySpan<byte> Authenticator => _packet.AsSpan(RadiusWriter.AuthenticatorAt, RadiusDigests.Length);

    /// <summary>An Access-Request.</summary>
    /// <exception cref="ArgumentException">The login or the sender has a problem.</exception>
    public static RadiusRequest Access(
        byte identifier,
        ReadOnlySpan<byte> authenticator,
        ReadOnlySpan<byte> secret,
        RadiusNas nas,
        RadiusLogin login
    )
    {
        ThrowIf(login.Problem, nameof(login));
        var writer = Begin(RadiusCode.AccessRequest, identifier, authenticator, nas);
        writer.Write(RadiusAttribute.UserName, login.User);
        if (login.Challenge.IsEmpty)
        {
            var hidden = RadiusDigests.Hide(login.Password.Span, authenticator, secret);
            writer.Write(RadiusAttribute.UserPassword, hidden);
        }
        else
        {
            var answer = RadiusDigests.Chap(identifier, login.Password.Span, login.Challenge.Span);
            writer.Write(RadiusAttribute.ChapPassword, answer);
            writer.Write(RadiusAttribute.ChapChallenge, login.Challenge.Span);
        }

        writer.Write(RadiusAttribute.ServiceType, ServiceTypeLogin);
        writer.Write(RadiusAttribute.NasPortType, NasPortTypeVirtual);
        return Sign(writer, secret);
    }

    /// <summary>A Status-Server request.</summary>
    /// <exception cref="ArgumentException">The sender has a problem.</exception>
    public static RadiusRequest Status(
        byte identifier,
        ReadOnlySpan<byte> authenticator,
        ReadOnlySpan<byte> secret,
        RadiusNas nas
    ) => Sign(Begin(RadiusCode.StatusServer, identifier, authenticator, nas), secret);

    /// <summary>Judges a datagram that came from the server. There is a response only when it is valid.</summary>
    public RadiusVerdict Verify(ReadOnlySpan<byte> datagram, out RadiusResponse? response)
    {
        response = null;
        var packet = RadiusReader.Packet(datagram);
        if (packet.IsEmpty)
        {
            return RadiusVerdict.Malformed;
        }

        var code = (RadiusCode)packet[0];
        if (packet[1] != Identifier || !Answers(code))
        {
            return RadiusVerdict.NotOurs;
        }

        var right = RadiusDigests.Response(packet, Authenticator, _secret);
        var found = packet.Slice(RadiusWriter.AuthenticatorAt, RadiusDigests.Length);
        return CryptographicOperations.FixedTimeEquals(found, right)
            ? VerifyAttributes(code, packet, out response)
            : RadiusVerdict.Forged;
    }

    private RadiusVerdict VerifyAttributes(RadiusCode code, ReadOnlySpan<byte> packet, out RadiusResponse? response)
    {
        response = null;
        var messages = new List<string>();
        var isSigned = false;
        for (var attributes = RadiusReader.Attributes(packet); attributes.Next(); )
        {
            if (attributes.Type == RadiusAttribute.ReplyMessage)
            {
                messages.Add(OctetText.ToLine(attributes.Value));
            }
            else if (attributes.Type == RadiusAttribute.MessageAuthenticator)
            {
                // There is at most one (RFC 3579 section 3.3).
                if (isSigned || attributes.Value.Length != RadiusDigests.Length)
                {
                    return RadiusVerdict.Malformed;
                }

                isSigned = true;
                var right = RadiusDigests.Message(packet, Authenticator, _secret, attributes.At);
                if (!CryptographicOperations.FixedTimeEquals(attributes.Value, right))
                {
                    return RadiusVerdict.Forged;
                }
            }
        }

        response = new RadiusResponse(code, messages);
        return RadiusVerdict.Valid;
    }

    // A server that is there accepts a Status-Server (RFC 5997 section 3).
    private bool Answers(RadiusCode code) =>
        code == RadiusCode.AccessAccept
        || (
            code is RadiusCode.AccessReject or RadiusCode.AccessChallenge
            && (RadiusCode)_packet[0] == RadiusCode.AccessRequest
        );

    private static RadiusWriter Begin(RadiusCode code, byte identifier, ReadOnlySpan<byte> authenticator, RadiusNas nas)
    {
        ThrowIf(nas.Problem, nameof(nas));
        var writer = new RadiusWriter(code, identifier, authenticator);
        writer.Write(RadiusAttribute.MessageAuthenticator, stackalloc byte[RadiusDigests.Length]);
        writer.Write(RadiusAttribute.NasIdentifier, nas.Identifier);
        if (nas.Address is { } address)
        {
            var type =
                address.AddressFamily == AddressFamily.InterNetwork
                    ? RadiusAttribute.NasIpAddress
                    : RadiusAttribute.NasIpv6Address;
            writer.Write(type, address.GetAddressBytes());
        }

        return writer;
    }

    private static RadiusRequest Sign(RadiusWriter writer, ReadOnlySpan<byte> secret)
    {
        const int at = RadiusWriter.HeaderLength + 2;
        var packet = writer.ToPacket();
        var authenticator = packet.AsSpan(RadiusWriter.AuthenticatorAt, RadiusDigests.Length);
        RadiusDigests.Message(packet, authenticator, secret, at).CopyTo(packet, at);
        return new RadiusRequest(packet, secret);
    }

    private static void ThrowIf(string? problem, string parameter)
    {
        if (problem is not null)
        {
            throw new ArgumentException(problem, parameter);
        }
    }
}
