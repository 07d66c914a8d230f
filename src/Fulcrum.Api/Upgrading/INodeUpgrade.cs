namespace Fulcrum.Api.Upgrading;

/// <summary>What can be done about the program that runs the node.</summary>
public interface INodeUpgrade
{
    /// <summary>The last upgrade, of this process or to it.</summary>
    UpgradeDocument Last { get; }

    /// <summary>Why nothing is changed now; null: changes are taken.</summary>
    string? WhyNoChanges { get; }

    /// <summary>Begins one; what comes of it stands in <see cref="Last"/>, here or in the process that takes over.</summary>
    /// <param name="by">Who wants it.</param>
    /// <param name="within">How long the new process may take to serve.</param>
    /// <returns>Why not; null: it has begun.</returns>
    string? Begin(string by, TimeSpan within);
}
