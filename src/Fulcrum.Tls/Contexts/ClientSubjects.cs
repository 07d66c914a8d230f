using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.Tls.Certificates;

namespace Fulcrum.Tls.Contexts;

/// <summary>Who is let in of the clients that have shown a good certificate: whoever has one of these names in it.</summary>
internal sealed class ClientSubjects(Items<ClientSubject> admitted)
{
    /// <summary>Whom a certificate is for. Empty: what the authority has signed is nobody's name.</summary>
    /// <param name="der">A certificate that is known to be good.</param>
    public static Items<ClientSubject> Of(ReadOnlySpan<byte> der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            return Items.From(SubjectNames.Of(certificate));
        }
        catch (Exception exception)
            when (exception
                    is CryptographicException
                        or AsnContentException
                        or ArgumentException
                        or NotSupportedException
            )
        {
            return [];
        }
    }

    /// <inheritdoc cref="Of"/>
    public bool Admit(ReadOnlySpan<byte> der)
    {
        foreach (var subject in Of(der))
        {
            if (admitted.Any(one => one.Kind == subject.Kind && one.Matches(subject.Text)))
            {
                return true;
            }
        }
        return false;
    }
}
