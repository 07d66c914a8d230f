using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Model.Tls;

namespace Fulcrum.Tls.Certificates;

/// <summary>Whom a certificate is for, each name with its kind: the alternative names (RFC 5280 section 4.2.1.6) and the common one.</summary>
internal static class SubjectNames
{
    private const string AlternativeNames = "2.5.29.17";
    private const string CommonName = "2.5.4.3";

    private const int Email = 1;
    private const int Dns = 2;
    private const int Uri = 6;

    /// <exception cref="AsnContentException">It is malformed.</exception>
    public static IEnumerable<ClientSubject> Of(X509Certificate2 certificate)
    {
        var names = new List<ClientSubject>();
        foreach (var extension in certificate.Extensions.Where(one => one.Oid?.Value == AlternativeNames))
        {
            AddAlternatives(names, extension.RawData);
        }
        names.AddRange(CommonNamesOf(certificate).Select(name => new ClientSubject(ClientSubjectKind.Cn, name)));
        return names;
    }

    public static IEnumerable<string> CommonNamesOf(X509Certificate2 certificate) =>
        certificate
            .SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName)
            .Select(part => part.GetSingleElementValue())
            .OfType<string>();

    private static void AddAlternatives(List<ClientSubject> names, ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        while (reader.HasData)
        {
            var tag = reader.PeekTag();
            if (tag.TagClass == TagClass.ContextSpecific && KindOf(tag.TagValue) is { } kind)
            {
                names.Add(new(kind, reader.ReadCharacterString(UniversalTagNumber.IA5String, tag)));
            }
            else
            {
                _ = reader.ReadEncodedValue();
            }
        }
    }

    private static ClientSubjectKind? KindOf(int tag) =>
        tag switch
        {
            Email => ClientSubjectKind.Email,
            Dns => ClientSubjectKind.Dns,
            Uri => ClientSubjectKind.Uri,
            _ => null,
        };
}
