using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.Tls.Certificates;

namespace Fulcrum.Tls.Contexts;

/// <summary>Who is let in of the clients that have shown a good certificate: whoever has one of these names in it.</summary>
internal sealed class ClientSubjects(Items<ClientSubject> subjects)
{
    /// <param name="der">A certificate that is known to be good.</param>
    public bool Admit(ReadOnlySpan<byte> der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            foreach (var (kind, name) in SubjectNames.Of(certificate))
            {
                foreach (var subject in subjects)
                {
                    if (subject.Kind == kind && subject.Matches(name))
                    {
                        return true;
                    }
                }
            }
            return false;
        }
        catch (Exception exception)
            when (exception
                    is CryptographicException
                        or AsnContentException
                        or ArgumentException
                        or NotSupportedException
            )
        {
            // What the authority has signed is nobody's name.
            return false;
        }
    }
}
