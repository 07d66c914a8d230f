using Fulcrum.Engine.Deriving.Certificates;

namespace Fulcrum.Api.Metrics;

/// <summary>What is told of one certificate that clients are shown.</summary>
internal sealed record CertificateRow(KeyValuePair<string, object?>[] Labels, DerivedCertificate Certificate);
