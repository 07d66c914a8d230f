using Fulcrum.Tls;
using Fulcrum.Tls.Certificates;

namespace Fulcrum.Fuzz;

/// <summary>What an authority may have said of the certificate of the corpus.</summary>
internal sealed class OcspTarget : IFuzzTarget
{
    private static readonly DateTimeOffset Now = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public string Name => "ocsp";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/ocsp"];

    public void Run(ReadOnlySpan<byte> input)
    {
        try
        {
            var staple = OcspStaple.Of("input", input.ToArray(), CertificateTarget.Certificate.Value, Now);
            if (!staple.Response.Span.SequenceEqual(input) || staple.Until <= Now)
            {
                throw new FuzzFailureException("stapled is what does not hold");
            }
        }
        catch (TlsException)
        {
            // Told in words.
        }
    }
}
