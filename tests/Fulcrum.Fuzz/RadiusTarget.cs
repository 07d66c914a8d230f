using Fulcrum.Protocols.Radius;

namespace Fulcrum.Fuzz;

/// <summary>
/// Responses of a RADIUS server: once as they are, of which none is valid; once as a server would make them that knows
/// the secret, of which none is forged.
/// </summary>
internal sealed class RadiusTarget : IFuzzTarget
{
    private const int SignatureAt = RadiusWriter.HeaderLength + 2;

    private static readonly byte[] Secret = "xyzzy5461"u8.ToArray();
    private static readonly byte[] Authenticator = new byte[RadiusDigests.Length];
    private static readonly RadiusRequest Request = RadiusRequest.Access(
        0,
        Authenticator,
        Secret,
        new RadiusNas("fuzz", null),
        new RadiusLogin("nemo", "arctangent"u8.ToArray())
    );

    public string Name => "radius";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/radius"];

    public void Run(ReadOnlySpan<byte> input)
    {
        Check(input, RadiusVerdict.Valid);
        var packet = input.ToArray();
        if (packet.Length < RadiusWriter.HeaderLength)
        {
            return;
        }

        packet[1] = Request.Packet[1];
        (packet[2], packet[3]) = ((byte)(packet.Length >> 8), (byte)packet.Length);
        var isSigned = packet.Length >= SignatureAt + RadiusDigests.Length && packet[SignatureAt - 2] == 80;
        if (isSigned)
        {
            RadiusDigests.Message(packet, Authenticator, Secret, SignatureAt).CopyTo(packet, SignatureAt);
        }

        RadiusDigests.Response(packet, Authenticator, Secret).CopyTo(packet, RadiusWriter.AuthenticatorAt);
        // One that stands elsewhere is not ours to make right.
        Check(packet, isSigned || packet.AsSpan().IndexOf((byte)80) < 0 ? RadiusVerdict.Forged : null);
    }

    private static void Check(ReadOnlySpan<byte> datagram, RadiusVerdict? never)
    {
        var verdict = Request.Verify(datagram, out var response);
        if (verdict == never || verdict == RadiusVerdict.Valid != response is not null)
        {
            throw new FuzzFailureException($"{verdict}: {response}");
        }

        if (response is not null && response.Messages.Any(message => message.Any(char.IsControl)))
        {
            throw new FuzzFailureException($"more than a line: {string.Join('|', response.Messages)}");
        }
    }
}
