using Fulcrum.Model.Values;
using Fulcrum.Tls.Certificates;

namespace Fulcrum.Tls.Contexts;

/// <summary>Which certificates are shown for which name: for every kind of key the first one that has it.</summary>
internal sealed class CertificateTable
{
    private CertificateTable(Dictionary<string, Choice> names, Choice first) => (Names, First) = (names, first);

    public IReadOnlyDictionary<string, Choice> Names { get; }

    /// <summary>What is shown instead of what nobody has.</summary>
    public Choice First { get; }

    public static CertificateTable Of(Items<LoadedCertificate> certificates)
    {
        var names = new Dictionary<string, Choice>(StringComparer.Ordinal);
        foreach (var certificate in certificates)
        {
            foreach (var name in certificate.Names)
            {
                names[name] = names.TryGetValue(name, out var choice)
                    ? choice.With(certificate)
                    : new(certificate, null);
            }
        }
        var first = certificates[0];
        return new(names, first.Names.IsEmpty ? new(first, null) : names[first.Names[0]]);
    }

    /// <summary>One certificate, or two with different kinds of keys.</summary>
    internal sealed record Choice(LoadedCertificate Certificate, LoadedCertificate? Other)
    {
        public IEnumerable<LoadedCertificate> Certificates => Other is null ? [Certificate] : [Certificate, Other];

        public Choice With(LoadedCertificate certificate) =>
            Other is null && certificate.IsRsa != Certificate.IsRsa ? this with { Other = certificate } : this;
    }
}
