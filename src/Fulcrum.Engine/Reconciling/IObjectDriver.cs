namespace Fulcrum.Engine.Reconciling;

/// <summary>What the reconciler needs of a driver, whatever its objects are.</summary>
internal interface IObjectDriver
{
    Task FirstRead { get; }

    IReadOnlyList<ObjectStatus> Status { get; }

    Task RunAsync(CancellationToken cancellation);
}
