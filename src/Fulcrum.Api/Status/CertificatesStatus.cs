using Fulcrum.Engine.Deriving.Certificates;

namespace Fulcrum.Api.Status;

/// <summary>How many certificates clients are shown.</summary>
/// <param name="Valid">Those that are as they should be.</param>
/// <param name="Expiring">Those that end soon.</param>
/// <param name="Troubled">Those that clients may not accept, or whose files cannot be used as they are.</param>
/// <param name="Pending">Those that are being got.</param>
public sealed record CertificatesStatus(int Valid, int Expiring, int Troubled, int Pending)
{
    internal static CertificatesStatus Of(IEnumerable<DerivedCertificate> certificates)
    {
        var (valid, expiring, troubled, pending) = (0, 0, 0, 0);
        foreach (var one in certificates)
        {
            if (one.HasProblem)
            {
                troubled++;
            }
            else if (one.State == CertificateState.Expiring)
            {
                expiring++;
            }
            else if (one.State == CertificateState.Pending)
            {
                pending++;
            }
            else
            {
                valid++;
            }
        }

        return new(valid, expiring, troubled, pending);
    }
}
