namespace Fulcrum.Engine.Reconciling;

/// <summary>A sign of life.</summary>
public sealed partial class Reconciler
{
    /// <summary>Ends when the engine comes to it, after the news and the requests that were there before.</summary>
    public Task AnswerAsync() => AskAsync(_ => ValueTask.FromResult(true), isOwn: true);
}
