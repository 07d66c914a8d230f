namespace Fulcrum.Api.Metrics;

/// <summary>How many series each row makes.</summary>
internal sealed record SeriesCosts(
    Func<VipRow, int> OfVip,
    Func<CertificateRow, int> OfCertificate,
    Func<ServiceRow, int> OfService,
    Func<UpstreamRow, int> OfUpstream,
    Func<BackendRow, int> OfBackend
)
{
    public static SeriesCosts None { get; } = new(_ => 0, _ => 0, _ => 0, _ => 0, _ => 0);
}
