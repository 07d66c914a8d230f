using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Certificates;

/// <summary>Everything thought of certificates. There are few and they change seldom, so that all are judged together.</summary>
internal sealed record CertificateSection
{
    public static CertificateSection Initial { get; } = new();

    public Map<string, DerivedCertificate> Certificates { get; init; } = Map<string, DerivedCertificate>.Empty;

    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>Judges anew when there is news, when services say otherwise, or when it is time.</summary>
    public CertificateSection Next(EngineInputs before, EngineInputs inputs, DateTimeOffset now)
    {
        var isOld =
            inputs.Certificates == before.Certificates
            && (ReferenceEquals(inputs.Snapshot.Services, before.Snapshot.Services) || inputs.Certificates.IsEmpty);
        return isOld && !(WakeAt <= now) ? this : Judge(inputs, now);
    }

    private CertificateSection Judge(EngineInputs inputs, DateTimeOffset now)
    {
        var judged = Certificates;
        var names = new HashSet<string>(StringComparer.Ordinal);
        // Several planes may show the same.
        foreach (var same in inputs.Certificates.GroupBy(one => one.Name, StringComparer.Ordinal))
        {
            var one = CertificateDerivation.Derive(Join(same), WarnBeforeOf(inputs.Snapshot, same), now);
            judged = judged[same.Key] == one ? judged : judged.With(same.Key, one);
            names.Add(same.Key);
        }

        foreach (var name in judged.Keys.Where(name => !names.Contains(name)))
        {
            judged = judged.Without(name);
        }

        return new() { Certificates = judged, WakeAt = judged.Values.Min(one => one.WakeAt) };
    }

    private static ObservedCertificate Join(IEnumerable<ObservedCertificate> same)
    {
        var one = same.First();
        return one with
        {
            UsedBy = Items.From(UsersOf(same)),
            Facts = same.Select(other => other.Facts).FirstOrDefault(facts => facts is not null),
            Problem = same.Select(other => other.Problem).FirstOrDefault(problem => problem is not null),
            StapleProblem = same.Select(other => other.StapleProblem).FirstOrDefault(problem => problem is not null),
        };
    }

    private static IEnumerable<string> UsersOf(IEnumerable<ObservedCertificate> same) =>
        same.SelectMany(other => other.UsedBy).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    // Who wants to know first is heard.
    private static TimeSpan? WarnBeforeOf(Snapshot snapshot, IEnumerable<ObservedCertificate> same) =>
        UsersOf(same).Select(user => snapshot.Services.Find(user)?.Tls?.WarnBefore).Max();
}
