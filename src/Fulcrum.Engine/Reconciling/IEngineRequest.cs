namespace Fulcrum.Engine.Reconciling;

/// <summary>Something that somebody wants of the engine, and waits for.</summary>
internal interface IEngineRequest
{
    /// <summary>Does it and answers; what goes wrong is part of the answer.</summary>
    ValueTask ServeAsync(CancellationToken cancellation);

    /// <summary>The engine ends before it came to it.</summary>
    void Cancel();

    /// <summary>The engine does not take it.</summary>
    void Refuse(Exception reason);
}
