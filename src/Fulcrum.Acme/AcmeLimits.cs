namespace Fulcrum.Acme;

/// <summary>How long others may take.</summary>
internal sealed record AcmeLimits
{
    public static AcmeLimits Default { get; } = new();

    /// <summary>One answer of an authority, whole.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>One run of the program that makes records: it waits until they can be seen.</summary>
    public TimeSpan Hook { get; init; } = TimeSpan.FromMinutes(5);
}
