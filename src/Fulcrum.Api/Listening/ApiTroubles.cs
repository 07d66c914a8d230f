using Fulcrum.Api.Status;

namespace Fulcrum.Api.Listening;

/// <summary>What of the API itself is not as the settings say; written by one, read by requests.</summary>
internal sealed class ApiTroubles
{
    private volatile IReadOnlyList<ApiTrouble> _all = [];

    public IReadOnlyList<ApiTrouble> All
    {
        get => _all;
        set => _all = value;
    }

    public IEnumerable<TroubleStatus> Status =>
        _all.Select(trouble => new TroubleStatus
        {
            Kind = "api",
            Name = trouble.Name,
            Reason = trouble.Reason,
        });
}

/// <param name="Name">The key of the settings, or an address.</param>
/// <param name="IsFatal">A node that starts says so and ends; one that runs goes on with what it had.</param>
internal sealed record ApiTrouble(string Name, string Reason, bool IsFatal = true);
