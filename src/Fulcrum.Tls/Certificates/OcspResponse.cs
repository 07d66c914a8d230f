using System.Formats.Asn1;

namespace Fulcrum.Tls.Certificates;

/// <summary>
/// What an authority answered of certificates (RFC 6960 section 4.2), as far as it matters to whoever passes it on: clients
/// see for themselves who has signed it.
/// </summary>
internal sealed class OcspResponse
{
    private const string Basic = "1.3.6.1.5.5.7.48.1.1";
    private const int Successful = 0;

    private static readonly Asn1Tag ResponseBytes = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Version = new(TagClass.ContextSpecific, 0);

    private OcspResponse(IReadOnlyList<OcspStatement> statements) => Statements = statements;

    /// <summary>One for each certificate that it was asked about.</summary>
    public IReadOnlyList<OcspStatement> Statements { get; }

    /// <exception cref="TlsException">It is none, or tells of an error.</exception>
    public static OcspResponse Read(string place, ReadOnlyMemory<byte> der)
    {
        try
        {
            var response = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
            var status = response.ReadEnumeratedBytes().Span;
            if (status is not [Successful])
            {
                throw new TlsException($"{place}: the authority did not answer (status {status[^1]})");
            }
            var bytes = response.ReadSequence(ResponseBytes).ReadSequence();
            var kind = bytes.ReadObjectIdentifier();
            return kind == Basic
                ? new(ReadBasic(bytes.ReadOctetString()))
                : throw new TlsException($"{place}: the response is of the kind {kind}, but a basic one is expected");
        }
        catch (AsnContentException exception)
        {
            throw new TlsException($"{place}: is no OCSP response (DER is expected)", exception);
        }
    }

    private static List<OcspStatement> ReadBasic(ReadOnlyMemory<byte> der)
    {
        var data = new AsnReader(der, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        if (data.PeekTag().HasSameClassAndValue(Version))
        {
            _ = data.ReadEncodedValue();
        }
        // Who has answered, and when.
        _ = data.ReadEncodedValue();
        _ = data.ReadGeneralizedTime();
        var all = data.ReadSequence();
        var statements = new List<OcspStatement>();
        while (all.HasData)
        {
            statements.Add(OcspStatement.Read(all.ReadSequence()));
        }
        return statements;
    }
}
