namespace Fulcrum.Upgrading;

/// <summary>Nothing comes of an upgrade; the message says why, for people.</summary>
/// <param name="isRefusal">The other process has said so itself, and ends by itself.</param>
internal sealed class HandoverException(string reason, bool isRefusal = false) : Exception(reason)
{
    public bool IsRefusal => isRefusal;
}
