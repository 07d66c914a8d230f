using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Fulcrum.TestKit.Acme;

/// <summary>An order as the authority keeps it.</summary>
internal sealed class AcmeEntry
{
    public required string Account { get; init; }

    public required string Name { get; init; }

    public required string Token { get; init; }

    public string Status { get; set; } = "pending";

    public string AuthorizationStatus { get; set; } = "pending";

    public string ChallengeStatus { get; set; } = "pending";

    /// <summary>How the look at the proof came out, once it is told.</summary>
    public Task<string?>? Look { get; set; }

    public JsonObject? Error { get; set; }

    /// <summary>So often it is still busy.</summary>
    public int Busy { get; set; }

    public X509Certificate2? Certificate { get; set; }
}
