namespace Fulcrum.Engine.Reconciling;

/// <summary>What waits for the engine.</summary>
/// <param name="News">Things on which there is news; no more than there are things.</param>
/// <param name="Requests">Changes that wait.</param>
/// <param name="MostRequests">So many may.</param>
/// <param name="Refused">Changes that were not taken because so many waited, since the start.</param>
public sealed record InboxStatus(int News, int Requests, int MostRequests, long Refused);
