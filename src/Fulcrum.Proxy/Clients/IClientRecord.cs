namespace Fulcrum.Proxy.Clients;

/// <summary>What is known of one client.</summary>
internal interface IClientRecord
{
    /// <summary>Nothing is lost when it is forgotten, as long as nobody uses it.</summary>
    /// <param name="now">The loop's time, in microseconds.</param>
    bool IsOver(long now);
}
